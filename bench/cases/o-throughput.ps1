# TCP from one container to another, and from another host through a published port. Every server stays up, and the clients
# take turns; the other host is a network namespace on a wire of its own to each engine.

if (-not ($iperfTar = Get-IperfTar $bench)) {
    $bench.Skipped['iperf3'] = 'not installed (o)'
    return
}
function Get-Gigabits([string] $Json) { ($Json | ConvertFrom-Json).end.sum_received.bits_per_second / 1e9 }
function Measure-From([string[]] $Command) { Get-Gigabits (-join (Invoke-Quietly $Command[0] ($Command | Select-Object -Skip 1))) }

function Get-Client([string] $Address) { 'iperf3', '--client', $Address, '--time', '2', '--json' }
$null = Import-CanImage $iperfTar can-iperf
$server = New-CanContainer can-iperf -Publish 0.0.0.0:5201:5201 -Command iperf3, --server
$addresses = @{ can = $server.IPAddress }
$outsides = @{ can = Get-Entry (Connect-Outside $bench (Get-Entry $PID)) }
$inside = [ordered]@{ can = { Get-Gigabits (-join (Invoke-CanContainer can-iperf -Command (Get-Client $addresses.can))) } }
$published = [ordered]@{}
foreach ($name in $bench.Peers.Keys) {
    $peer = $bench.Peers[$name]
    Invoke-Quietly $peer.Program ($peer.Options + @('run', '--detach', '--name', 'can-iperf', '--publish', '5201:5201', 'localhost/can-iperf', 'iperf3', '--server')) | Out-Null
    $addresses[$name] = Invoke-Quietly $peer.Program ($peer.Options + @('inspect', '--format', '{{.NetworkSettings.IPAddress}}', 'can-iperf'))
    $outsides[$name] = Get-Entry (Connect-Outside $bench $peer.Entry)
    $inside[$name] = { $peer = $bench.Peers[$args[0]]; Measure-From (@($peer.Program) + $peer.Options + @('run', '--rm', 'localhost/can-iperf') + (Get-Client $addresses[$args[0]])) }
}
foreach ($name in $outsides.Keys | Sort-Object) { $published[$name] = { Measure-From ($outsides[$args[0]] + (Get-Client '192.0.2.1')) } }
Start-Sleep -Seconds 1

Measure-InTurn $bench o 'from container to container' Gbit/s (Get-Rounds $bench 7) $inside
Measure-InTurn $bench o 'from another host by a published port' Gbit/s (Get-Rounds $bench 7) $published
$server | Remove-CanContainer -Force
foreach ($way in 'from container to container', 'from another host by a published port') {
    foreach ($name in $bench.Peers.Keys) { Add-Ratio $bench o "can / $name, $way" (Find-Result $bench o $way can) (Find-Result $bench o $way $name) 'at least 1' }
}
