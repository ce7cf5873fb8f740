# Importing a root tar of 170 MB, beside unpacking it with tar. Page cache warm; what was imported is removed between the
# rounds, outside the time taken.

function New-RootTar([string] $Path) {
    # Files of /usr in the order of their names until 170 MB: sizes like a real root's.
    $list = "$Path.list"
    & bash -c 'find /usr/bin /usr/sbin /usr/lib /usr/share -xdev \( -type f -o -type l \) -size -2M -printf "%p\t%s\n" 2>/dev/null | LC_ALL=C sort | awk -F"\t" "{ total += \$2 + 1024; if (total > 170e6) exit; print \$1 }" >"$1"' bash $list
    Invoke-Quietly tar @('-cPf', $Path, '--files-from', $list) | Out-Null
}

$tar = $bench.RootTar ? (Convert-Path $bench.RootTar) : "$($bench.Scratch)/root.tar"
if (-not (Test-Path $tar)) { New-RootTar $tar }
$members = (& tar -tPf $tar | Measure-Object).Count
$what = "import $([Math]::Round((Get-Item $tar).Length / 1e6)) MB, $members members"
& cat $tar > /dev/null

$contestants = [ordered]@{
    tar = {
        $target = New-Item -ItemType Directory "$($bench.Scratch)/unpacked"
        Measure-Once { Invoke-Quietly tar @('-xf', $tar, '-C', "$target") }
        & rm -rf $target
    }
    can = {
        Measure-Once { Import-CanImage $tar bench-import }
        Remove-CanImage bench-import
    }
}
foreach ($name in 'podman', 'docker') {
    if (-not ($peer = $bench.Peers[$name])) { continue }
    $contestants[$name] = {
        $peer = $bench.Peers[$args[0]]
        Measure-Once { Invoke-Quietly $peer.Program ($peer.Options + 'import', $tar, 'localhost/can-bench-import') }
        Invoke-Quietly $peer.Program ($peer.Options + 'rmi', 'localhost/can-bench-import') | Out-Null
    }
}
Measure-InTurn $bench e $what ms (Get-Rounds $bench 5) $contestants

$can = Find-Result $bench e $what can
Add-Ratio $bench e 'can / tar -x' $can (Find-Result $bench e $what tar) 'at most 1.3'
foreach ($name in 'podman', 'docker') { Add-Ratio $bench e "$name / can" (Find-Result $bench e $what $name) $can '' }
