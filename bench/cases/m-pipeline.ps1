# 100 containers on the default network from one pipeline, alone and beside 40 tables of other programs.

$what = '100 on a bridge from one pipeline'
$pipeline = {
    $before = Get-InterfaceCount
    Measure-Once { 1..100 | ForEach-Object { New-CanContainer bench -Name "bench-many-$_" sleep 3600 } }
    Get-CanContainer bench-many-* | Remove-CanContainer -Force
    Wait-Interfaces $before
}
New-CanContainer bench true | Wait-CanContainer | Remove-CanContainer
Measure-InTurn $bench m $what ms (Get-Rounds $bench 5) ([ordered]@{
        'can'                        = $pipeline
        'can, with 40 foreign tables' = { Add-ForeignTables 40; & $pipeline; Remove-ForeignTables 40 }
    })
foreach ($engine in 'can', 'can, with 40 foreign tables') { Add-Figure $bench m "$what, $engine" (Find-Result $bench m $what $engine) 'at most 1,200' }
