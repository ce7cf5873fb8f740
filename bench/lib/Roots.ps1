# Root tars of a real size, and archives of images made of them.

function New-RootTar([string] $Path) {
    # Files of /usr in the order of their names until 170 MB: sizes like a real root's.
    $list = "$Path.list"
    & bash -c 'find /usr/bin /usr/sbin /usr/lib /usr/share -xdev \( -type f -o -type l \) -size -2M -printf "%p\t%s\n" 2>/dev/null | LC_ALL=C sort | awk -F"\t" "{ total += \$2 + 1024; if (total > 170e6) exit; print \$1 }" >"$1"' bash $list
    Invoke-Quietly tar @('-cPf', $Path, '--files-from', $list) | Out-Null
}

# The tar that was given, or one made on first use.
function Get-RootTar($Bench) {
    if ($Bench.RootTar) { return Convert-Path $Bench.RootTar }
    $tar = "$($Bench.Scratch)/root.tar"
    if (-not (Test-Path $tar)) { New-RootTar $tar }
    $tar
}

# What docker save would write of an image of that root.
function Get-DockerArchive($Bench) {
    $archive = "$($Bench.Scratch)/archive.tar"
    if (-not (Test-Path $archive)) {
        $null = Import-CanImage (Get-RootTar $Bench) localhost/can-bench-archive
        Export-CanImage localhost/can-bench-archive -Path $archive
        Remove-CanImage localhost/can-bench-archive
    }
    $archive
}

# Takes an image out of a peer; nothing happens if it is not there.
function Remove-PeerImage($Peer, [string] $Image) { & $Peer.Program @($Peer.Options) rmi --force $Image *> $null }
