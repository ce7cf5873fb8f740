# Importing a root tar of 170 MB, beside unpacking it with tar. Page cache warm; what was imported is removed between the rounds, outside the time taken.

$tar = Get-RootTar $bench
$members = (& tar -tPf $tar | Measure-Object).Count
$what = "import $([Math]::Round((Get-Item $tar).Length / 1e6)) MB, $members members"
& cat $tar > /dev/null

$contestants = [ordered]@{
    tar = {
        $target = New-Item -ItemType Directory "$($bench.Scratch)/unpacked"
        Measure-Once { Invoke-Quietly tar @('-xf', $tar, '-C', "$target") }
        & rm -rf $target
    }
    can = {
        Measure-Once { Import-CanImage $tar bench-import }
        Remove-CanImage bench-import
    }
}
foreach ($name in 'podman', 'docker') {
    if (-not ($peer = $bench.Peers[$name])) { continue }
    $contestants[$name] = {
        $peer = $bench.Peers[$args[0]]
        Measure-Once { Invoke-Quietly $peer.Program ($peer.Options + 'import', $tar, 'localhost/can-bench-import') }
        Invoke-Quietly $peer.Program ($peer.Options + 'rmi', 'localhost/can-bench-import') | Out-Null
    }
}
Measure-InTurn $bench e $what ms (Get-Rounds $bench 5) $contestants

$can = Find-Result $bench e $what can
Add-Ratio $bench e 'can / tar -x' $can (Find-Result $bench e $what tar) 'at most 1.3'
foreach ($name in 'podman', 'docker') { Add-Ratio $bench e "$name / can" (Find-Result $bench e $what $name) $can '' }
