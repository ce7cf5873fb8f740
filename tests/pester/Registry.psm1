# A registry of the tests' own: Debian's docker-registry on a free port of loopback, plain or with a user.
$ErrorActionPreference = 'Stop'

# htpasswd -nbBC 5 alice 'open sesame'
$passwordLine = 'alice:$2y$05$AOEYFahpm/yaonuH1Lo7puuGOr4Cbdqa7uvHyY3PLzcixVJ55jJfa'

# Whether there is one on this machine.
function Test-RegistryProgram { [bool] (Get-Command docker-registry -CommandType Application -ErrorAction Ignore) }

<#
.SYNOPSIS
    Starts a registry; its Name is what references call it.
.PARAMETER Folder
    Where it keeps what it has.
.PARAMETER Secured
    Lets alice in, with the password 'open sesame', and nobody else.
#>
function Start-Registry([string] $Folder, [switch] $Secured) {
    $auth = ''
    if ($Secured) {
        [IO.File]::WriteAllText("$Folder/passwords", $passwordLine)
        $auth = "auth: { htpasswd: { realm: test, path: $Folder/passwords } }"
    }
    @"
version: 0.1
log: { level: info, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $Folder/data } }
http: { addr: '127.0.0.1:0', secret: any }
$auth
"@ | Set-Content "$Folder/config.yml"
    # It takes every variable that begins with REGISTRY_ for a part of its configuration.
    $process = Start-Process docker-registry -ArgumentList serve, "$Folder/config.yml" -Environment @{ REGISTRY_AUTH_FILE = $null } -RedirectStandardError "$Folder/log" -RedirectStandardOutput "$Folder/output" -PassThru
    while (-not ($port = [regex]::Match("$(Get-Content "$Folder/log" -Raw -ErrorAction Ignore)", 'listening on 127\.0\.0\.1:(\d+)').Groups[1].Value)) {
        if ($process.HasExited) { throw "docker-registry ended: $(Get-Content "$Folder/log" -Raw)" }
        Start-Sleep -Milliseconds 20
    }
    [pscustomobject]@{ Name = "localhost:$port"; Process = $process }
}

function Stop-Registry($Registry) {
    if ($Registry) {
        $Registry.Process.Kill()
        $Registry.Process.WaitForExit()
    }
}

# Makes the cmdlets see no credentials of whoever runs the tests.
function Hide-Credential([string] $Folder) {
    $script:hidden = @{}
    foreach ($name in 'REGISTRY_AUTH_FILE', 'DOCKER_CONFIG', 'XDG_RUNTIME_DIR') {
        $hidden[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, "$Folder/nothing")
    }
}

function Show-Credential {
    foreach ($name in $hidden.Keys) { [Environment]::SetEnvironmentVariable($name, $hidden[$name]) }
}

function New-Login([string] $User = 'alice', [string] $Password = 'open sesame') {
    [pscredential]::new($User, (ConvertTo-SecureString $Password -AsPlainText -Force))
}

Export-ModuleMember -Function Test-RegistryProgram, Start-Registry, Stop-Registry, Hide-Credential, Show-Credential, New-Login
