# Importing a root tar of 170 MB, and a docker-archive of the same, beside unpacking it with tar; then the archive once more, all of
# whose layers are known. Page cache warm; what was imported is removed between the rounds, outside the time taken.

$tar = Get-RootTar $bench
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

# As docker save writes it: a configuration, one layer, and a list of both.
function New-DockerArchive([string] $Path, [string] $RootTar) {
    $folder = New-Item -ItemType Directory "$Path.parts"
    $layer = (Get-FileHash $RootTar -Algorithm SHA256).Hash.ToLowerInvariant()
    $architecture = [Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'Arm64' ? 'arm64' : 'amd64'
    $text = @{ architecture = $architecture; os = 'linux'; config = @{ Cmd = @('/bin/sh') }; rootfs = @{ type = 'layers'; diff_ids = @("sha256:$layer") } } | ConvertTo-Json -Depth 5 -Compress
    [IO.File]::WriteAllText("$folder/config.json", $text)
    $configuration = (Get-FileHash "$folder/config.json" -Algorithm SHA256).Hash.ToLowerInvariant()
    Move-Item "$folder/config.json" "$folder/$configuration.json"
    $manifest = ConvertTo-Json -Depth 5 -Compress @(@{ Config = "$configuration.json"; RepoTags = @('localhost/can-bench-archive:latest'); Layers = @("$layer.tar") })
    [IO.File]::WriteAllText("$folder/manifest.json", $manifest)
    New-Item -ItemType HardLink "$folder/$layer.tar" -Target $RootTar -ErrorAction Ignore | Out-Null
    if (-not (Test-Path "$folder/$layer.tar")) { Copy-Item $RootTar "$folder/$layer.tar" }
    Invoke-Quietly tar @('-C', "$folder", '-cf', $Path, "$configuration.json", "$layer.tar", 'manifest.json') | Out-Null
    Remove-Item -Recurse $folder
}

$archive = "$($bench.Scratch)/docker-archive.tar"
New-DockerArchive $archive $tar
& cat $archive > /dev/null
$saved = 'localhost/can-bench-archive:latest'
$what = "import a docker-archive of $([Math]::Round((Get-Item $archive).Length / 1e6)) MB"
$contestants.can = {
    Measure-Once { Import-CanImage $archive }
    Remove-CanImage $saved
}
foreach ($engine in 'podman', 'docker') {
    if (-not ($peer = $bench.Peers[$engine])) { continue }
    $contestants[$engine] = {
        $peer = $bench.Peers[$args[0]]
        Measure-Once { Invoke-Quietly $peer.Program ($peer.Options + 'load', '-i', $archive) }
        Invoke-Quietly $peer.Program ($peer.Options + 'rmi', $saved) | Out-Null
    }
}
Measure-InTurn $bench e $what ms (Get-Rounds $bench 5) $contestants

$can = Find-Result $bench e $what can
Add-Ratio $bench e 'docker-archive: can / tar -x' $can (Find-Result $bench e $what tar) 'at most 1.3'
foreach ($engine in 'podman', 'docker') { Add-Ratio $bench e "docker-archive: $engine / can" (Find-Result $bench e $what $engine) $can 'more than 1' }

$again = 'import of known layers'
Import-CanImage $archive | Out-Null
Measure-InTurn $bench e $again ms (Get-Rounds $bench 10) ([ordered]@{ can = { Measure-Once { Import-CanImage $archive } } })
Remove-CanImage $saved
Add-Figure $bench e $again (Find-Result $bench e $again can) 'at most 100'
