# Pulling the image of 170 MB, compressed by gzip as registries have it, from a registry on the loopback interface. What was
# pulled is removed between the rounds, downloads included, outside the time taken.

if (-not (Get-Command docker-registry, skopeo -CommandType Application -ErrorAction Ignore | Select-Object -Skip 1)) {
    $bench.Skipped['registry'] = 'docker-registry or skopeo is not installed'
    return
}
$what = 'pull 170 MB'
$listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
$listener.Start()
$port = $listener.LocalEndpoint.Port
$listener.Stop()
$configuration = "$($bench.Scratch)/registry.yml"
Set-Content $configuration @"
version: 0.1
log: { level: error }
storage: { filesystem: { rootdirectory: $($bench.Scratch)/registry } }
http: { addr: 127.0.0.1:$port }
"@
$registry = Start-Process docker-registry -ArgumentList serve, $configuration -PassThru `
    -RedirectStandardOutput "$($bench.Scratch)/registry.out" -RedirectStandardError "$($bench.Scratch)/registry.err"
try {
    $image = "localhost:$port/can-bench:1"
    for ($i = 0; $i -lt 100 -and -not (Test-Connection localhost -TcpPort $port -Quiet); $i++) { Start-Sleep -Milliseconds 100 }
    Invoke-Quietly skopeo @('copy', '--dest-tls-verify=false', "docker-archive:$(Get-DockerArchive $bench)", "docker://$image") | Out-Null
    $contestants = [ordered]@{
        can = {
            Measure-Once { Receive-CanImage $image -AllowInsecure }
            Remove-CanImage $image
            Clear-CanStorage -Download -Force
        }
    }
    foreach ($name in 'podman', 'docker') {
        if (-not $bench.Peers[$name]) { continue }
        $contestants[$name] = {
            $peer = $bench.Peers[$args[0]]
            $options = $args[0] -eq 'podman' ? @('--tls-verify=false') : @()
            Measure-Once { Invoke-Quietly $peer.Program ($peer.Options + 'pull' + $options + $image) }
            Remove-PeerImage $peer $image
        }
    }
    Measure-InTurn $bench j $what ms (Get-Rounds $bench 5) $contestants
}
finally {
    $registry.Kill()
    $registry.WaitForExit()
}

$can = Find-Result $bench j $what can
foreach ($name in 'podman', 'docker') { Add-Ratio $bench j "$name / can" (Find-Result $bench j $what $name) $can 'above 1' }
