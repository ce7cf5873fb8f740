# Many: 100 containers from one pipeline, then 1,000 running at once.

function Get-AvailableMegabytes { [double]((Get-Content /proc/meminfo | Where-Object { $_ -match '^MemAvailable' }) -replace '\D') / 1024 }

$contestants = [ordered]@{
    can = {
        Measure-Once { 1..100 | ForEach-Object { New-CanContainer bench -Name "bench-many-$_" sleep 3600 } }
        Get-CanContainer bench-many-* | Remove-CanContainer -Force
    }
}
Measure-InTurn $bench g '100 started from one pipeline' ms (Get-Rounds $bench 5) $contestants

$peers = [ordered]@{}
foreach ($name in 'podman', 'docker') {
    if (-not ($peer = $bench.Peers[$name])) { continue }
    $peers[$name] = {
        $peer = $bench.Peers[$args[0]]
        Measure-Once { foreach ($i in 1..10) { Start-PeerContainer $peer "can-bench-many-$i" @('sleep', '3600') } }
        Remove-PeerContainer $peer @(1..10 | ForEach-Object { "can-bench-many-$_" })
    }
}
if ($peers.Count) { Measure-InTurn $bench g '10 started one after another' ms (Get-Rounds $bench 3) $peers }
Add-Figure $bench g '100 started from one pipeline' (Find-Result $bench g '100 started from one pipeline' can) 'at most 800'

$count = $bench.Scale -lt 1 ? 200 : 1000
$before = Get-AvailableMegabytes
Add-Result $bench g "start $count, all running at once" can ms (
    Measure-Once { 1..$count | ForEach-Object { New-CanContainer bench -Name "bench-all-$_" sleep 3600 } })
Add-Result $bench g "running of $count" can containers @(Get-CanContainer bench-all-* -State Running).Count
Add-Result $bench g "memory that $count take, all of the kernel's and theirs" can MB ($before - (Get-AvailableMegabytes))
Measure-InTurn $bench g "list $count running" ms (Get-Rounds $bench 10) ([ordered]@{ can = { Measure-Once { Get-CanContainer } } })
Measure-InTurn $bench g "exec in one of $count" ms (Get-Rounds $bench 20) ([ordered]@{ can = { Measure-Once { Invoke-CanExec bench-all-1 true } } })
Add-Result $bench g "remove $count running (-Force)" can ms (Measure-Once { Get-CanContainer bench-all-* | Remove-CanContainer -Force })
Add-Figure $bench g "running at once, of $count" (Find-Result $bench g "running of $count" can) 'all'
