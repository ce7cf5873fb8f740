# Importing what docker save wrote of an image of 170 MB, beside unpacking its root with tar; and importing it once more, when
# all its layers are known. Page cache warm; what was imported is removed between the rounds, outside the time taken.

$tar = Get-RootTar $bench
$archive = Get-DockerArchive $bench
$what = "load $([Math]::Round((Get-Item $archive).Length / 1e6)) MB"
& cat $tar $archive > /dev/null

$contestants = [ordered]@{
    tar   = {
        $target = New-Item -ItemType Directory "$($bench.Scratch)/unpacked"
        Measure-Once { Invoke-Quietly tar @('-xf', $tar, '-C', "$target") }
        & rm -rf $target
    }
    can   = { Measure-Once { Import-CanImage $archive } }
    again = {
        Measure-Once { Import-CanImage $archive }
        Remove-CanImage localhost/can-bench-archive
    }
}
foreach ($name in 'podman', 'docker') {
    if (-not $bench.Peers[$name]) { continue }
    $contestants[$name] = {
        $peer = $bench.Peers[$args[0]]
        Measure-Once { Invoke-Quietly $peer.Program ($peer.Options + 'load', '--input', $archive) }
        Remove-PeerImage $peer localhost/can-bench-archive
    }
}
Measure-InTurn $bench h $what ms (Get-Rounds $bench 5) $contestants

$can = Find-Result $bench h $what can
Add-Ratio $bench h 'can / tar -x' $can (Find-Result $bench h $what tar) 'at most 1.3'
Add-Figure $bench h 'layers that are known' (Find-Result $bench h $what again) 'at most 100'
foreach ($name in 'podman', 'docker') { Add-Ratio $bench h "$name / can" (Find-Result $bench h $what $name) $can 'above 1' }
