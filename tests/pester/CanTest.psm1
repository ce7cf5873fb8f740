# What the tests share: a root of their own, its image, and the means to see what the engine left behind.
using namespace System.Collections.Generic

$ErrorActionPreference = 'Stop'
$repository = (Resolve-Path "$PSScriptRoot/../..").Path
$saved = @{}

<#
.SYNOPSIS
    Imports the staged module and gives the test file a root of its own with the image busybox in it.
.PARAMETER NoImage
    Leaves the root empty.
#>
function Initialize-CanTest {
    param([switch] $NoImage)

    Import-Module "$repository/output/Can/Can.psd1" -Global
    $script:saved = @{ Root = $env:CAN_ROOT; NoColor = $env:NO_COLOR; Defaults = $global:PSDefaultParameterValues.Clone(); Proxies = [Hashtable]::new() }
    # Whatever a test forgets, no registry but one on the loopback interface can be reached: nobody listens there.
    foreach ($name in 'http_proxy', 'https_proxy', 'all_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY') {
        $saved.Proxies["$name"] = [Environment]::GetEnvironmentVariable($name)
        Set-Item "Env:$name" ($name -like 'no*' ? 'localhost' : 'http://127.0.0.1:1')
    }
    $script:scratch = [IO.Directory]::CreateTempSubdirectory('can-pester-').FullName
    $env:CAN_ROOT = "$scratch/root"
    $env:NO_COLOR = '1'
    # An error that nobody expects must fail the test it happens in.
    $global:PSDefaultParameterValues['*-Can*:ErrorAction'] = 'Stop'
    # Without a network unless the test is about one: the machine's own must stay untouched.
    $global:PSDefaultParameterValues['*-CanContainer:Network'] = 'none'
    if (-not $NoImage) {
        $null = Import-CanImage (Get-BusyboxRoot) -Reference busybox
    }
}

<#
.SYNOPSIS
    Removes everything the test file made, by the cmdlets and then, whatever state they are in, without them.
#>
function Clear-CanTest {
    try {
        Get-CanContainer -ErrorAction Ignore | Remove-CanContainer -Force -ErrorAction Ignore
        Get-CanNetwork -ErrorAction Ignore | Remove-CanNetwork -ErrorAction Ignore
    }
    catch {
        Write-Warning "Removing the containers of $env:CAN_ROOT: $_"
    }
    finally {
        Remove-Leftover
        rm -rf --one-file-system -- $scratch
        $env:CAN_ROOT = $saved.Root
        $env:NO_COLOR = $saved.NoColor
        foreach ($name in $saved.Proxies.Keys) { [Environment]::SetEnvironmentVariable($name, $saved.Proxies[$name]) }
        $global:PSDefaultParameterValues = $saved.Defaults
    }
}

<#
.SYNOPSIS
    Whether these tests run in a network namespace of their own (tests/suite.sh gives them one), so that what they make and
    change is nobody else's.
#>
function Test-OwnNetwork { (readlink /proc/self/ns/net) -ne (readlink /proc/1/ns/net) }

<#
.SYNOPSIS
    Makes a host beside this one: a network namespace, joined by a cable. Remove-OutsideHost takes it away.
.OUTPUTS
    An object with Address (its own), Gateway (this host's address on the cable) and ProcessId (who holds the namespace).
#>
function New-OutsideHost([int] $Number = 1) {
    $holder = Start-Process unshare -ArgumentList '--net', 'sleep', '100000' -PassThru -RedirectStandardOutput /dev/null
    Wait-Until { (readlink "/proc/$($holder.Id)/ns/net") -ne (readlink /proc/self/ns/net) } 'the host beside this one is there'
    ip link add "cable$Number" type veth peer name eth0 netns $holder.Id
    ip addr add "203.0.113.$(16 * $Number + 1)/28" dev "cable$Number"
    ip link set "cable$Number" up
    $address = "203.0.113.$(16 * $Number + 2)"
    nsenter --net --target $holder.Id sh -c "ip link set lo up; ip addr add $address/28 dev eth0; ip link set eth0 up"
    [pscustomobject]@{ Address = $address; Gateway = "203.0.113.$(16 * $Number + 1)"; ProcessId = $holder.Id; Interface = "cable$Number" }
}

function Remove-OutsideHost($OutsideHost) {
    if ($OutsideHost) {
        kill -9 $OutsideHost.ProcessId
        ip link del $OutsideHost.Interface 2>$null
    }
}

# Runs a shell script on the host beside this one and gives its lines.
function Invoke-Outside($OutsideHost, [string] $Script) { nsenter --net --target $OutsideHost.ProcessId busybox sh -c $Script 2>&1 }

# What a TCP server on this host's network says first; nothing when there is none.
function Read-Tcp([string] $Address, [int] $Port) {
    $client = [Net.Sockets.TcpClient]::new([Net.Sockets.AddressFamily] ($Address.Contains(':') ? 'InterNetworkV6' : 'InterNetwork'))
    try {
        if (-not $client.ConnectAsync($Address, $Port).Wait(3000)) { return }
        $client.ReceiveTimeout = 5000
        [IO.StreamReader]::new($client.GetStream()).ReadLine()
    }
    catch {
        # Refused.
    }
    finally {
        $client.Dispose()
    }
}

# Whether a container gets an answer from an address or a name.
function Test-Ping([string] $From, [string] $To, [switch] $IPv6) {
    $null = Invoke-CanExec $From -Command sh, -c, "ping $($IPv6 ? '-6' : '') -c 1 -W 3 $To 2>&1"
    $global:LASTEXITCODE -eq 0
}

# What a TCP server says first to a container that asks; nothing when there is none.
function Read-TcpFrom([string] $Container, [string] $Address, [int] $Port, [int] $Seconds = 3) {
    Invoke-CanExec $Container -Command sh, -c, "nc -w $Seconds $Address $Port </dev/null 2>/dev/null" -ErrorAction Ignore
}

<#
.SYNOPSIS
    Answers questions for names with addresses, over UDP, on an address of this host. Stop-NameServer ends it.
#>
function Start-NameServer([string] $Address, [hashtable] $Names) {
    $socket = [Net.Sockets.UdpClient]::new([Net.IPEndPoint]::new([ipaddress] $Address, 53))
    $shell = [powershell]::Create().AddScript({
            param($socket, $names)
            while ($socket.Client) {
                $from = [Net.IPEndPoint]::new([ipaddress]::Any, 0)
                try { $query = $socket.Receive([ref] $from) } catch { return }
                $labels = [Collections.Generic.List[string]]::new()
                for ($at = 12; $query[$at]; $at += $query[$at] + 1) { $labels.Add([Text.Encoding]::ASCII.GetString($query, $at + 1, $query[$at])) }
                $name = $labels -join '.'
                $isAddress = $query[$at + 2] -eq 1
                # As it was asked, without what follows the question: an answer, or no such name.
                $reply = [byte[]] $query[0..($at + 4)]
                $reply[2], $reply[3] = 0x81, ($names.ContainsKey($name) ? 0x80 : 0x83)
                $reply[6], $reply[7], $reply[8], $reply[9], $reply[10], $reply[11] = 0, 0, 0, 0, 0, 0
                if ($isAddress -and $names.ContainsKey($name)) {
                    $reply[7] = 1
                    $reply += [byte[]] (0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4) + ([ipaddress] $names[$name]).GetAddressBytes()
                }
                $null = $socket.Send($reply, $reply.Length, $from)
            }
        }).AddArgument($socket).AddArgument($Names)
    $null = $shell.BeginInvoke()
    [pscustomobject]@{ Socket = $socket; Shell = $shell }
}

function Stop-NameServer($Server) {
    if ($Server) {
        $Server.Socket.Dispose()
        $Server.Shell.Dispose()
    }
}

<#
.SYNOPSIS
    Runs a script with the module in a pwsh of its own, for which the host's /etc/resolv.conf says something else, and gives its output.
#>
function Invoke-WithResolver([string] $Content, [string] $Script) {
    $file = "$scratch/resolv-$([guid]::NewGuid())"
    [IO.File]::WriteAllText($file, $Content)
    $command = "`$ErrorActionPreference = 'Stop'; Import-Module '$repository/output/Can/Can.psd1'; $Script"
    # Its containers are born in its mount namespace, where the file is that one; systemd's, if there is one, names no server.
    $mounts = 'mount --bind "$1" /etc/resolv.conf; s=/run/systemd/resolve/resolv.conf; [ ! -e $s ] || mount --bind /dev/null $s; shift; exec "$@"'
    $output = unshare --mount sh -c $mounts sh $file (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command $command 2>&1
    if ($LASTEXITCODE) { throw "$output" }
    $output
}

# A directory of the test file's own, on disk, removed at its end.
function Get-Scratch([string] $Name) {
    $path = "$scratch/$Name"
    $null = [IO.Directory]::CreateDirectory($path)
    $path
}

# The files of the image busybox.
function Get-BusyboxRoot {
    $path = "$scratch/busybox"
    if (-not (Test-Path $path)) {
        bash "$repository/tests/make-busybox-root.sh" $path | Out-Null
        if ($LASTEXITCODE) { throw "make-busybox-root.sh failed with $LASTEXITCODE" }
    }
    $path
}

<#
.SYNOPSIS
    Runs a shell script in a container of its own to its end and gives the lines it wrote to standard output.
.PARAMETER With
    Further parameters of New-CanContainer.
#>
function Read-Inside([string] $Script, [hashtable] $With = @{}) {
    # A module's own commands do not see the defaults of Initialize-CanTest.
    if (-not $With.ContainsKey('Network')) { $With = $With + @{ Network = 'none' } }
    $container = New-CanContainer busybox @With -Command sh, -c, $Script | Wait-CanContainer -Timeout 120
    try {
        $container | Get-CanLog | Where-Object Stream -EQ Output | ForEach-Object Message
    }
    finally {
        $container | Remove-CanContainer
    }
}

<#
.SYNOPSIS
    Runs what must fail and gives the error: its stable id, its category, its target and its message.
#>
function Get-CanError([scriptblock] $Action) {
    try {
        $null = & $Action
    }
    catch {
        $cause = $_.Exception
        while ($cause -and $cause.GetType().FullName -ne 'Can.Engine.CanException') { $cause = $cause.InnerException }
        return [pscustomobject]@{
            Id       = $cause ? $cause.ErrorId : $_.FullyQualifiedErrorId.Split(',')[0]
            FullId   = $_.FullyQualifiedErrorId
            Category = $_.CategoryInfo.Category
            Target   = $_.TargetObject
            Message  = $_.Exception.Message
        }
    }
    throw "This did not fail: $Action"
}

function Get-CanErrorId([scriptblock] $Action) { (Get-CanError $Action).Id }

<#
.SYNOPSIS
    Waits until a condition holds. The limit only ends a test that would hang; it says nothing about speed.
#>
function Wait-Until([scriptblock] $Condition, [string] $Because, [int] $Seconds = 120) {
    $end = [Environment]::TickCount64 + 1000 * $Seconds
    while (-not (& $Condition)) {
        if ([Environment]::TickCount64 -gt $end) { throw "Waited $Seconds s in vain until $Because" }
        Start-Sleep -Milliseconds 20
    }
}

# An object as it comes out of a remote session.
function ConvertTo-Remote($InputObject) {
    [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($InputObject))
}

# The name of the engine's directory in every cgroup hierarchy.
function Get-CgroupName {
    $digest = [Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($env:CAN_ROOT))
    'can-' + [Convert]::ToHexString($digest).Substring(0, 8).ToLowerInvariant()
}

# The engine's directories in the hierarchies that have one.
function Get-CgroupParent {
    $name = Get-CgroupName
    Get-Content /proc/self/mountinfo | Where-Object { $_ -match ' - cgroup2? ' } | ForEach-Object { "$($_.Split(' ')[4])/$name" } |
        Where-Object { Test-Path $_ }
}

# Process ids of all that run in the engine's cgroups: monitors, containers, programs executed in them. What has ended and
# waits for the machine's init to take note is not among them.
function Get-CanProcessId {
    $name = "/$(Get-CgroupName)"
    foreach ($directory in [IO.Directory]::EnumerateDirectories('/proc')) {
        if ($directory -match '/(\d+)$') {
            $id = [int] $Matches[1]
            try {
                $isOurs = [IO.File]::ReadAllText("$directory/cgroup").Contains($name)
                if ($isOurs -and [IO.File]::ReadAllText("$directory/stat") -notmatch '\) [ZX] ') { $id }
            }
            catch [IO.IOException], [UnauthorizedAccessException] {
                # It has just ended.
            }
        }
    }
}

<#
.SYNOPSIS
    Lists everything the engine has on this host, a line each, for Compare-CanTrace.
#>
function Get-CanTrace {
    $lines = [List[string]]::new()
    foreach ($path in 'lib/containers', 'lib/names/containers', 'lib/volumes', 'lib/images', 'lib/images/blobs/sha256', 'lib/layers', 'lib/staging', 'run/containers', 'run/networks/*/leases') {
        Get-ChildItem "$env:CAN_ROOT/$path/*" -Force -ErrorAction Ignore | Where-Object Name -NE .lock | ForEach-Object { $lines.Add("$path $($_.Name)") }
    }
    Get-CgroupParent | Get-ChildItem -Directory | Where-Object Name -NE monitors | ForEach-Object { $lines.Add("cgroup $($_.FullName)") }
    Get-CanProcessId | ForEach-Object { $lines.Add("process $_ $((Get-Content "/proc/$_/cmdline" -ErrorAction Ignore) -replace "`0", ' ')") }
    Get-Content /proc/self/mountinfo | Where-Object { $_.Contains($env:CAN_ROOT) } | ForEach-Object { $lines.Add("mount $_") }
    , $lines
}

<#
.SYNOPSIS
    Gives what came (+) and went (-) since a trace was taken; nothing means that nothing was left in between.
#>
function Compare-CanTrace([List[string]] $Before) {
    $now = Get-CanTrace
    $now | Where-Object { -not $Before.Contains($_) } | ForEach-Object { "+ $_" }
    $Before | Where-Object { -not $now.Contains($_) } | ForEach-Object { "- $_" }
}

# The last resort of Clear-CanTest: processes, cgroups and mounts that the cmdlets did not remove.
function Remove-Leftover {
    Get-CanProcessId | ForEach-Object { Stop-Process -Id $_ -Force -ErrorAction Ignore }
    Wait-Until { -not (Get-CanProcessId) } -Because 'killed processes have ended' -Seconds 20
    foreach ($parent in Get-CgroupParent) {
        Get-ChildItem $parent -Directory -Recurse | Sort-Object FullName -Descending | ForEach-Object { rmdir $_.FullName 2>$null }
        rmdir $parent 2>$null
    }
    Get-Content /proc/self/mountinfo | ForEach-Object { $_.Split(' ')[4] } | Where-Object { $_.StartsWith("$scratch/") } |
        Sort-Object -Descending | ForEach-Object { umount -l $_ }
}

# Whether this host can limit by a controller, such as cpu or memory.
function Test-Controller([string] $Name) {
    $v1 = Get-Content /proc/self/mountinfo | Where-Object { $_ -match " - cgroup .*\b$Name\b" }
    $v2 = Get-Content /proc/self/mountinfo | Where-Object { $_ -match ' - cgroup2 ' } | ForEach-Object { $_.Split(' ')[4] } |
        Where-Object { (Get-Content "$_/cgroup.controllers") -match "\b$($Name -replace 'blkio', 'io')\b" }
    [bool] ($v1 -or $v2)
}

Export-ModuleMember -Function Initialize-CanTest, Clear-CanTest, Get-Scratch, Get-BusyboxRoot, Read-Inside, Get-CanError, Get-CanErrorId,
    Wait-Until, ConvertTo-Remote, Get-CgroupName, Get-CgroupParent, Get-CanProcessId, Get-CanTrace, Compare-CanTrace, Test-Controller, Test-OwnNetwork,
    New-OutsideHost, Remove-OutsideHost, Invoke-Outside, Read-Tcp, Test-Ping, Read-TcpFrom,
    Start-NameServer, Stop-NameServer, Invoke-WithResolver
