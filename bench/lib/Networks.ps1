# The cases with networks: everything they make is in network namespaces of their own. This process is in one (Measure.ps1
# sees to that), and each peer has one, lest its rules decide about somebody else's packets.

# A process that holds a network namespace (and a mount namespace, for what podman mounts) until it is stopped, or this one
# is killed.
function Start-Namespace($Bench, [string[]] $Command = @('sleep', 'infinity')) {
    $log = "$($Bench.Scratch)/namespace-$($Bench.Namespaces.Count).log"
    $start = [Diagnostics.ProcessStartInfo]::new('setpriv')
    $script = 'ip link set lo up && exec "$@" >"$0" 2>&1'
    foreach ($word in @('--pdeathsig', 'TERM', 'unshare', '--net', '--mount', '--', 'sh', '-c', $script, $log) + $Command) { $start.ArgumentList.Add($word) }
    $process = [Diagnostics.Process]::Start($start)
    $Bench.Namespaces.Add($process)
    for ($i = 0; (readlink "/proc/$($process.Id)/ns/net") -eq (readlink /proc/self/ns/net); $i++) {
        if ($i -eq 200) { throw "unshare made no namespace: $(Get-Content $log -ErrorAction Ignore)" }
        Start-Sleep -Milliseconds 20
    }
    $process.Id
}

# Begin of a command that runs in such a namespace.
function Get-Entry([int] $Process) { 'nsenter', '--net', '--mount', '--target', "$Process", '--' }

# Another host on the same wire as an engine's namespace: the engine's has 192.0.2.1, the other 192.0.2.2.
function Connect-Outside($Bench, [string[]] $Entry) {
    $outside = Start-Namespace $Bench
    $program, $arguments = $Entry + @('ip', 'link', 'add', 'wire', 'type', 'veth', 'peer', 'name', 'wire', 'netns', "$outside")
    Invoke-Quietly $program $arguments | Out-Null
    foreach ($side in @($Entry, '192.0.2.1/24'), @((Get-Entry $outside), '192.0.2.2/24')) {
        $program, $arguments = $side[0] + @('sh', '-c', "ip address add $($side[1]) dev wire && ip link set wire up")
        Invoke-Quietly $program $arguments | Out-Null
    }
    $outside
}

# In place of the peers without networks. Each is a list of words before its own arguments.
function Initialize-NetworkPeers($Bench) {
    Add-Peer $Bench podman { Initialize-NetworkPodman $Bench }
    Add-Peer $Bench docker { Initialize-NetworkDocker $Bench }
}

function Initialize-NetworkPodman($Bench) {
    $entry = Get-Entry (Start-Namespace $Bench)
    $words = $entry + @('podman', '--root', "$($Bench.Scratch)/podman", '--runroot', "$($Bench.Scratch)/run/podman",
        '--network-config-dir', "$($Bench.Scratch)/podman-networks")
    New-NetworkPeer $Bench $entry $words
}

# A daemon of its own with its usual rules: where another one runs, that stays untouched.
function Initialize-NetworkDocker($Bench) {
    if (-not (Get-Command dockerd -CommandType Application -ErrorAction Ignore)) { throw 'dockerd is not installed' }
    $socket = "unix://$($Bench.Scratch)/run/docker.sock"
    $id = Start-Namespace $Bench ('dockerd', '--host', $socket, '--data-root', "$($Bench.Scratch)/docker",
        '--exec-root', "$($Bench.Scratch)/run/docker", '--pidfile', "$($Bench.Scratch)/run/docker.pid",
        '--exec-opt', 'native.cgroupdriver=cgroupfs', '--cgroup-parent', '/can-bench-docker')
    for ($i = 0; $i -lt 100; $i++) {
        & docker --host $socket version *> $null
        if ($LASTEXITCODE -eq 0) { break }
        Start-Sleep -Milliseconds 200
    }
    New-NetworkPeer $Bench (Get-Entry $id) ('docker', '--host', $socket)
}

function New-NetworkPeer($Bench, [string[]] $Entry, [string[]] $Words) {
    $program, $options = $Words
    foreach ($image in 'bench', 'iperf') {
        $tar = $image -eq 'iperf' ? (Get-IperfTar $Bench) : $Bench.ImageTar
        if ($tar) { Invoke-Quietly $program ($options + @('import', $tar, "localhost/can-$image")) | Out-Null }
    }
    @{ Program = $program; Options = $options; Entry = $Entry; Image = 'localhost/can-bench'; Run = $options + @('run', '--rm', 'localhost/can-bench', 'true') }
}

# A root with iperf3 and the libraries it needs; nothing where it is not installed.
function Get-IperfTar($Bench) {
    $tar = "$($Bench.Scratch)/iperf.tar"
    $iperf = (Get-Command iperf3 -CommandType Application -ErrorAction Ignore | Select-Object -First 1).Source
    if (-not $iperf) { return }
    if (-not (Test-Path $tar)) {
        $root = "$($Bench.Scratch)/iperf"
        & cp -a $Bench.ImageRoot $root
        foreach ($file in @($iperf) + @(& ldd $iperf | Select-String '/\S+' | ForEach-Object { $_.Matches[0].Value })) {
            & mkdir -p "$root$(Split-Path $file)"
            & cp -L $file "$root$($file -replace '^/usr/bin/', '/bin/')"
        }
        & tar -C $root -cf $tar .
    }
    $tar
}

# The kernel removes a container's interfaces a while after its end: waits until this namespace has no more than so many.
function Wait-Interfaces([int] $Most) {
    for ($i = 0; $i -lt 600 -and (Get-InterfaceCount) -gt $Most; $i++) { Start-Sleep -Milliseconds 100 }
}

function Get-InterfaceCount { @(Get-Content /proc/net/dev).Count - 2 }

# Tables as other programs have them: each with 50 rules that no packet meets.
function Add-ForeignTables([int] $Count) {
    $rules = -join (1..50 | ForEach-Object { "tcp dport $(1000 + $_) counter accept; " })
    1..$Count | ForEach-Object { "table inet foreign$_ { chain c { $rules }; }" } | & nft -f -
    if ($LASTEXITCODE -ne 0) { throw 'nft made no tables: apt-get install nftables' }
}

function Remove-ForeignTables([int] $Count) { 1..$Count | ForEach-Object { "delete table inet foreign$_" } | & nft -f - }

# Ends every peer's containers, daemon and namespace.
function Remove-NetworkPeers($Bench) {
    foreach ($peer in $Bench.Peers.Values) {
        & $peer.Program @($peer.Options) ps --all --quiet | ForEach-Object { & $peer.Program @($peer.Options) rm --force $_ *> $null }
    }
    foreach ($process in $Bench.Namespaces) {
        & kill -TERM $process.Id 2> $null
        if (-not $process.WaitForExit(20000)) { $process.Kill() }
    }
    & find /sys/fs/cgroup -depth -type d '(' -path '*libpod_parent*' -o -path '*/can-bench-docker*' ')' -exec rmdir '{}' ';' 2> $null
}
