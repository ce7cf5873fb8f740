# What one more container costs while 10 and while 1,000 others run: on the same network, whose bridge can have 1,023, and on
# a network of its own beside theirs. Those with 10 are taken before and after.

$count = $bench.Scale -lt 1 ? 200 : 1000
$what = 'run true and remove beside others'
$null = New-CanNetwork bench-apart
$taken = [ordered]@{}
function Measure-Beside([int] $Others) {
    foreach ($network in 'can0', 'bench-apart') {
        $key = $network -eq 'can0' ? "$Others on its network" : "$Others on another"
        if (-not $taken.Contains($key)) { $taken[$key] = [Collections.Generic.List[double]]::new() }
        foreach ($i in 1..(Get-Rounds $bench 100)) {
            $taken[$key].Add((Measure-Once { New-CanContainer bench -Network $network true | Wait-CanContainer | Remove-CanContainer }))
        }
    }
}
function Start-Others([int] $From, [int] $To) { $From..$To | ForEach-Object { $null = New-CanContainer bench -Name "bench-other-$_" sleep 3600 } }

Start-Others 1 10
$few = Get-InterfaceCount
Measure-Beside 10
Add-Result $bench n "start $($count - 10) on one bridge" can ms (Measure-Once { Start-Others 11 $count })
Measure-Beside $count
Get-CanContainer bench-other-* | Where-Object { [int]$_.Name.Split('-')[2] -gt 10 } | Remove-CanContainer -Force
Wait-Interfaces ($few + 3)
Measure-Beside 10
Get-CanContainer bench-other-* | Remove-CanContainer -Force
Remove-CanNetwork bench-apart

foreach ($key in $taken.Keys) { Add-Result $bench n $what $key ms $taken[$key] }
foreach ($place in 'on its network', 'on another') {
    Add-Ratio $bench n "$count / 10 others $place" (Find-Result $bench n $what "$count $place") (Find-Result $bench n $what "10 $place") 'at most 1.5'
}
