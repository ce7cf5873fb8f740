# A container's change of 100 MB in 100 files becomes an image. The container runs, and is suspended meanwhile.

$what = 'commit 100 MB'
$write = 'sh', '-c', 'mkdir /new; i=0; while [ $i -lt 100 ]; do head -c 1000000 /dev/urandom >/new/$i; i=$((i + 1)); done; touch /ready; sleep 3600'

function Wait-Ready([scriptblock] $Look) {
    for ($i = 0; $i -lt 600; $i++) {
        if (& $Look) { return }
        Start-Sleep -Milliseconds 100
    }
    throw 'The container did not write its 100 MB.'
}

$container = New-CanContainer bench -Name can-bench-commit -Init -Command $write
Wait-Ready { (Invoke-CanExec can-bench-commit -AsResult -Command test, -e, /ready).ExitCode -eq 0 }
$contestants = [ordered]@{
    can = {
        Measure-Once { Save-CanImage can-bench-commit localhost/can-bench-committed }
        Remove-CanImage localhost/can-bench-committed
    }
}
foreach ($name in 'podman', 'docker') {
    if (-not ($peer = $bench.Peers[$name])) { continue }
    $null = Start-PeerContainer $peer can-bench-commit $write
    Wait-Ready { & $peer.Program @($peer.Options) exec can-bench-commit test -e /ready *> $null; $LASTEXITCODE -eq 0 }
    $contestants[$name] = {
        $peer = $bench.Peers[$args[0]]
        Measure-Once { Invoke-Quietly $peer.Program ($peer.Options + 'commit', '--pause=true', 'can-bench-commit', 'localhost/can-bench-committed') }
        Remove-PeerImage $peer localhost/can-bench-committed
    }
}
Measure-InTurn $bench i $what ms (Get-Rounds $bench 5) $contestants
$container | Remove-CanContainer -Force
foreach ($name in 'podman', 'docker') { if ($peer = $bench.Peers[$name]) { Remove-PeerContainer $peer can-bench-commit } }

$can = Find-Result $bench i $what can
foreach ($name in 'podman', 'docker') { Add-Ratio $bench i "$name / can" (Find-Result $bench i $what $name) $can 'above 1' }
