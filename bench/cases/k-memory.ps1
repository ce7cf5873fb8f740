# The most memory that a shell takes more than before while it imports a layer of 1 GB. Each sample is a shell of its own, which
# has imported something small first.

$what = 'import of 1 GB'
$directory = New-Item -ItemType Directory "$($bench.Scratch)/large"
foreach ($i in 1..10) { & head -c 100000000 /dev/urandom > "$directory/$i" }
$tar = "$($bench.Scratch)/large.tar"
& tar -cf $tar -C $directory .
& rm -rf $directory

$shell = @"
Import-Module '$($bench.Module)'
`$null = Import-CanImage '$($bench.ImageTar)' can-bench-small
function Get-Memory([string] `$Name) { [double]((Get-Content /proc/self/status | Where-Object { `$_.StartsWith("`${Name}:") }) -replace '\D') }
[IO.File]::WriteAllText('/proc/self/clear_refs', '5')
`$before = Get-Memory VmRSS
`$null = Import-CanImage '$tar' can-bench-large
((Get-Memory VmHWM) - `$before) / 1024
Remove-CanImage can-bench-large, can-bench-small
"@
Add-Result $bench k $what can MB (1..(Get-Rounds $bench 3) | ForEach-Object { [double](Invoke-Quietly pwsh @('-NoProfile', '-NonInteractive', '-Command', $shell) | Select-Object -Last 1) })
& rm -f $tar
Add-Figure $bench k 'memory above the idle shell' (Find-Result $bench k $what can) 'at most 64'
