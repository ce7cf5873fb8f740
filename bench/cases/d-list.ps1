# Get-CanContainer over 1,000 containers, of which none runs; (g) lists 1,000 running ones.

Measure-InTurn $bench d 'create 1,000 (-NoStart)' ms 1 ([ordered]@{
        can = { Measure-Once { 1..1000 | ForEach-Object { New-CanContainer bench -Name "bench-list-$_" -NoStart true } } }
    })
foreach ($warm in 1..5) { Get-CanContainer | Out-Null }
Measure-InTurn $bench d 'list 1,000 created' ms (Get-Rounds $bench 20) ([ordered]@{
        can = { Measure-Once { Get-CanContainer } }
    })
Get-CanContainer bench-list-* | Remove-CanContainer
Add-Figure $bench d 'list 1,000' (Find-Result $bench d 'list 1,000 created' can) 'at most 40'
