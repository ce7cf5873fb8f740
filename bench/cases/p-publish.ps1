# Publishing one more port of a running container, beside 1,000 that ten others publish, and of one that publishes 1,000 itself.

$few = New-CanContainer bench -Name bench-few sleep 3600
$null = 1..10 | ForEach-Object { New-CanContainer bench -Name "bench-ports-$_" -Publish "$(20000 + 100 * $_)-$(20099 + 100 * $_):1-100" sleep 3600 }
$many = New-CanContainer bench -Name bench-many -Publish '30000-30999:1-1000' sleep 3600
$add = {
    param($container)
    Measure-Once { $container | Set-CanContainer -Publish '40000:2000' }
    $container | Set-CanContainer -Unpublish '40000:2000'
}
foreach ($warm in 1..10) { $null = & $add $few }
Measure-InTurn $bench p 'publish one port more' ms (Get-Rounds $bench 40) ([ordered]@{
        'others publish 2,000'   = { & $add $few }
        'itself publishes 1,000' = { & $add $many }
    })
Get-CanContainer bench-few, bench-many, bench-ports-* | Remove-CanContainer -Force
Add-Figure $bench p 'beside 2,000 ports of others' (Find-Result $bench p 'publish one port more' 'others publish 2,000') 'at most 5'
Add-Figure $bench p 'of a container with 1,000' (Find-Result $bench p 'publish one port more' 'itself publishes 1,000') 'at most 5'
