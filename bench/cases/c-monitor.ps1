# The memory that a running container's monitor costs: its proportional set size. Pages that monitors share are divided
# among them, so one alone costs more than each of twenty.

function Get-Pss([int] $ProcessId) {
    [double]((Get-Content "/proc/$ProcessId/smaps_rollup" | Where-Object { $_ -match '^Pss:' }) -replace '\D')
}
function Get-ParentId([int] $ProcessId) {
    [int]((Get-Content "/proc/$ProcessId/status" | Where-Object { $_ -match '^PPid:' }) -replace '\D')
}

foreach ($count in 1, 20) {
    $containers = foreach ($i in 1..$count) { New-CanContainer bench sleep 3600 }
    Add-Result $bench c "monitor, $count running" can kB ($containers | ForEach-Object { Get-Pss (Get-ParentId $_.ProcessId) })
    $containers | Remove-CanContainer -Force
}

# conmon, and docker's shim: the parents of the container's first process.
foreach ($name in 'podman', 'docker') {
    if (-not ($peer = $bench.Peers[$name])) { continue }
    Start-PeerContainer $peer can-bench-monitor @('sleep', '3600') | Out-Null
    $first = Invoke-Quietly $peer.Program ($peer.Options + 'inspect', '--format', '{{.State.Pid}}', 'can-bench-monitor')
    Add-Result $bench c 'monitor, 1 running' $name kB (Get-Pss (Get-ParentId ([int]"$first")))
    Remove-PeerContainer $peer can-bench-monitor
}

$can = Find-Result $bench c 'monitor, 20 running' can
Add-Figure $bench c 'monitor, of 20 running' $can 'at most 150'
foreach ($name in 'podman', 'docker') {
    Add-Ratio $bench c "$name / can, 1 running" (Find-Result $bench c 'monitor, 1 running' $name) (Find-Result $bench c 'monitor, 1 running' can) ''
}
