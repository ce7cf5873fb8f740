# What a new shell waits for: Import-Module, and its first container. Each round is a pwsh of its own, which times
# itself; the start of pwsh is not in it.

$pwsh = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
$script = @"
`$start = [Diagnostics.Stopwatch]::GetTimestamp()
Import-Module '$($bench.Module)'
`$imported = [Diagnostics.Stopwatch]::GetTimestamp()
`$container = New-CanContainer bench -Network none sleep 3600
`$started = [Diagnostics.Stopwatch]::GetTimestamp()
[Diagnostics.Stopwatch]::GetElapsedTime(`$start, `$imported).TotalMilliseconds
[Diagnostics.Stopwatch]::GetElapsedTime(`$imported, `$started).TotalMilliseconds
`$container | Remove-CanContainer -Force
"@
$import = [Collections.Generic.List[double]]::new()
$first = [Collections.Generic.List[double]]::new()
foreach ($round in 1..(Get-Rounds $bench 15)) {
    $times = Invoke-Quietly $pwsh @('-NoLogo', '-NoProfile', '-NonInteractive', '-Command', $script)
    $import.Add([double]$times[0])
    $first.Add([double]$times[1])
}
Add-Result $bench f 'Import-Module in a fresh pwsh' can ms $import
Add-Result $bench f 'first New-CanContainer of a fresh pwsh' can ms $first
Add-Figure $bench f 'Import-Module' (Find-Result $bench f 'Import-Module in a fresh pwsh' can) 'at most 150'
Add-Figure $bench f 'first New-CanContainer' (Find-Result $bench f 'first New-CanContainer of a fresh pwsh' can) 'at most 150'
