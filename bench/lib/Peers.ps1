# runc, podman and docker: whether they are here, and how each runs the same busybox image. A peer is measured only
# after one container of it has really run.

function Initialize-Peers($Bench) {
    Add-Peer $Bench runc { Initialize-Runc $Bench }
    Add-Peer $Bench podman { Initialize-Podman $Bench }
    Add-Peer $Bench docker { Initialize-Docker $Bench }
}

function Add-Peer($Bench, [string] $Name, [scriptblock] $Initialize) {
    if (-not (Get-Command $Name -CommandType Application -ErrorAction Ignore)) {
        $Bench.Skipped[$Name] = 'not installed'
        return
    }
    try {
        $peer = & $Initialize
        Invoke-Quietly $peer.Program $peer.Run | Out-Null
        $Bench.Peers[$Name] = $peer
    }
    catch {
        $Bench.Skipped[$Name] = "$_" -replace '\s+', ' '
    }
}

function Initialize-Runc($Bench) {
    $bundle = New-Item -ItemType Directory "$($Bench.Scratch)/runc"
    & runc spec --bundle $bundle
    $path = Join-Path $bundle 'config.json'
    $spec = Get-Content $path -Raw | ConvertFrom-Json -AsHashtable
    $spec.process.terminal = $false
    $spec.process.args = @('/bin/true')
    $spec.process.Remove('rlimits')
    $spec.root.path = $Bench.ImageRoot
    $spec | ConvertTo-Json -Depth 20 | Set-Content $path
    @{ Program = 'runc'; Run = 'run', '--bundle', "$bundle", 'can-bench' }
}

function Initialize-Podman($Bench) {
    $store = '--root', "$($Bench.Scratch)/podman", '--runroot', "$($Bench.Scratch)/run/podman"
    Invoke-Quietly podman ($store + 'import', $Bench.ImageTar, 'localhost/can-bench') | Out-Null
    @{
        Program = 'podman'; Options = $store; Image = 'localhost/can-bench'
        Run = $store + 'run', '--rm', '--network', 'none', 'localhost/can-bench', 'true'
    }
}

function Initialize-Docker($Bench) {
    & docker version *> $null
    if ($LASTEXITCODE -ne 0) { throw 'no docker daemon answers' }
    Invoke-Quietly docker @('import', $Bench.ImageTar, 'can-bench') | Out-Null
    @{
        Program = 'docker'; Options = @(); Image = 'can-bench'
        Run = 'run', '--rm', '--network', 'none', 'can-bench', 'true'
    }
}

function Remove-Peers($Bench) {
    if ($podman = $Bench.Peers['podman']) { & podman @($podman.Options) rm --all --force *> $null }
    if ($Bench.Peers['docker']) {
        & docker ps --all --quiet --filter ancestor=can-bench | ForEach-Object { & docker rm --force $_ *> $null }
        & docker rmi can-bench *> $null
    }
    # Podman and runc leave their empty parent groups behind.
    & find /sys/fs/cgroup -depth -type d -path '*libpod_parent*' -exec rmdir '{}' ';' 2> $null
}

# Starts one detached container of a peer (podman or docker) and gives its name.
function Start-PeerContainer($Peer, [string] $Name, [string[]] $Command) {
    Invoke-Quietly $Peer.Program ($Peer.Options + 'run', '--detach', '--network', 'none', '--name', $Name, $Peer.Image + $Command) | Out-Null
    $Name
}

function Remove-PeerContainer($Peer, [string[]] $Name) {
    Invoke-Quietly $Peer.Program ($Peer.Options + 'rm', '--force' + $Name) | Out-Null
}
