# One process in a container that runs already.

New-CanContainer bench -Name bench-exec sleep 3600 | Out-Null
foreach ($warm in 1..50) { Invoke-CanExec bench-exec true }

$contestants = [ordered]@{ can = { foreach ($i in 1..20) { Measure-Once { Invoke-CanExec bench-exec true } } } }
foreach ($name in 'podman', 'docker') {
    if (-not ($peer = $bench.Peers[$name])) { continue }
    Start-PeerContainer $peer can-bench-exec @('sleep', '3600') | Out-Null
    $contestants[$name] = { $peer = $bench.Peers[$args[0]]; Measure-Once { Invoke-Quietly $peer.Program ($peer.Options + 'exec', 'can-bench-exec', 'true') } }
}
Measure-InTurn $bench b 'exec true' ms (Get-Rounds $bench 15) $contestants

foreach ($name in 'podman', 'docker') {
    if ($peer = $bench.Peers[$name]) { Remove-PeerContainer $peer can-bench-exec }
}
Remove-CanContainer bench-exec -Force

$can = Find-Result $bench b 'exec true' can
Add-Figure $bench b 'exec' $can 'at most 4'
foreach ($name in 'podman', 'docker') { Add-Ratio $bench b "$name / can" (Find-Result $bench b 'exec true' $name) $can '' }
