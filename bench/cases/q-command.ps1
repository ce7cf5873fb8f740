# The command `can`, cold: every sample is a process of its own, as a shell or a script starts it.

$command = if ($env:CAN_EXECUTABLE) { $env:CAN_EXECUTABLE } else { "$PSScriptRoot/../../output/cli/can" }
if (-not (Test-Path $command)) {
    $bench.Skipped['can (command)'] = "there is no $command; make it with dotnet publish src/Can.Cli -c Release -o output/cli"
    return
}

$cold = @('run', '--rm', 'bench', 'true')
$alone = @('run', '--rm', '--network', 'none', 'bench', 'true')
$contestants = [ordered]@{
    'can (command)'                    = { foreach ($i in 1..5) { Measure-Once { Invoke-Quietly $command $cold } } }
    'can (command), without a network' = { foreach ($i in 1..5) { Measure-Once { Invoke-Quietly $command $alone } } }
}
foreach ($name in $bench.Peers.Keys) {
    $contestants[$name] = { $peer = $bench.Peers[$args[0]]; foreach ($i in 1..2) { Measure-Once { Invoke-Quietly $peer.Program $peer.Run } } }
}

# Not among the peers of the other cases with networks, for it has none.
if (Get-Command runc -CommandType Application -ErrorAction Ignore) {
    $runc = Initialize-Runc $bench
    $contestants['runc'] = { foreach ($i in 1..2) { Measure-Once { Invoke-Quietly $runc.Program $runc.Run } } }
}
Measure-InTurn $bench q 'run true and remove, cold' ms (Get-Rounds $bench 15) $contestants

# What of that is the runtime and the reading of the command line alone.
Measure-InTurn $bench q 'by phase' ms (Get-Rounds $bench 15) ([ordered]@{
        'runtime start (can --version)'         = { foreach ($i in 1..5) { Measure-Once { Invoke-Quietly $command @('--version') } } }
        'and command line (can plan --help)'    = { foreach ($i in 1..5) { Measure-Once { Invoke-Quietly $command @('plan', '--help') } } }
        'and engine (can plan)'                 = { foreach ($i in 1..5) { Measure-Once { Invoke-Quietly $command @('plan', 'bench', 'true') } } }
        'and helper and kernel (can run)'       = { foreach ($i in 1..5) { Measure-Once { Invoke-Quietly $command $cold } } }
    })

1..1000 | ForEach-Object { New-CanContainer bench -Name "bench-command-$_" -NoStart true | Out-Null }
Measure-InTurn $bench q 'can ps -a over 1,000' ms (Get-Rounds $bench 10) ([ordered]@{
        'can (command)' = { Measure-Once { Invoke-Quietly $command @('ps', '-a') } }
    })
Get-CanContainer bench-command-* | Remove-CanContainer

$can = Find-Result $bench q 'run true and remove, cold' 'can (command)'
foreach ($name in $bench.Peers.Keys) { Add-Ratio $bench q "$name / can (command)" (Find-Result $bench q 'run true and remove, cold' $name) $can 'at least 8' }
if ($contestants['runc']) { Add-Ratio $bench q 'can (command) / runc' $can (Find-Result $bench q 'run true and remove, cold' runc) 'at most 2' }
Add-Figure $bench q 'can ps -a over 1,000, cold' (Find-Result $bench q 'can ps -a over 1,000' 'can (command)') 'at most 100'
