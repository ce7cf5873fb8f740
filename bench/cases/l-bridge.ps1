# One container from nothing to exited and removed, warm, on the default bridge network, as everybody gets it who asks for
# nothing.

$run = { New-CanContainer bench true | Wait-CanContainer | Remove-CanContainer }
foreach ($warm in 1..50) { & $run }

$what = 'run true and remove, on a bridge'
$contestants = [ordered]@{
    floor  = { [double]((Invoke-Quietly $bench.Floor @($bench.ImageRoot, '20')) -split ' ')[0] }
    can    = { foreach ($i in 1..20) { Measure-Once $run } }
    'none' = { foreach ($i in 1..20) { Measure-Once { New-CanContainer bench -Network none true | Wait-CanContainer | Remove-CanContainer } } }
}
foreach ($name in $bench.Peers.Keys) {
    $contestants[$name] = { $peer = $bench.Peers[$args[0]]; foreach ($i in 1..2) { Measure-Once { Invoke-Quietly $peer.Program $peer.Run } } }
}
Measure-InTurn $bench l $what ms (Get-Rounds $bench 15) $contestants

$can = Find-Result $bench l $what can
$floor = Find-Result $bench l $what floor
$bench.Ratios.Add([pscustomobject]@{ Case = 'l'; What = 'can - 2 floor (ms)'; Value = $can.Median - 2 * $floor.Median; Aim = 'at most 3' })
Add-Ratio $bench l 'can / can without a network' $can (Find-Result $bench l $what none)
foreach ($name in $bench.Peers.Keys) { Add-Ratio $bench l "$name / can" (Find-Result $bench l $what $name) $can 'at least 30' }
