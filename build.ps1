<#
.SYNOPSIS
    Builds, tests, measures or packs Can. Everything it does can be done without it.
.PARAMETER Task
    Build    dotnet build Can.sln: helper, engine and the staged module, output/Can
    Test     ./test.sh
    Bench    bench/Measure.ps1 on the staged module, as root; tables in output/bench
    Package  output/package/Can.VERSION.zip, to be unpacked into a folder of $env:PSModulePath
.EXAMPLE
    ./build.ps1 -Task Test
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Bench', 'Package')]
    [string[]] $Task = 'Build'
)
$ErrorActionPreference = 'Stop'

# $args, not parameters: dotnet's own -v must not be taken for -Verbose.
function Invoke-Program {
    $program, $arguments = $args
    & $program @arguments
    if ($LASTEXITCODE -ne 0) { throw "$program $arguments failed with exit code $LASTEXITCODE" }
}

function Build { Invoke-Program dotnet build "$PSScriptRoot/Can.sln" --nologo -v q }

function Test { Invoke-Program "$PSScriptRoot/test.sh" }

function Bench {
    Build
    & "$PSScriptRoot/bench/Measure.ps1"
}

function Package {
    Build
    $version = (Import-PowerShellDataFile "$PSScriptRoot/output/Can/Can.psd1").ModuleVersion
    $folder = New-Item -ItemType Directory -Force "$PSScriptRoot/output/package"
    $staging = Join-Path $folder 'Can'
    $archive = Join-Path $folder "Can.$version.zip"
    Remove-Item $staging, $archive -Recurse -Force -ErrorAction Ignore
    New-Item -ItemType Directory $staging | Out-Null
    Copy-Item "$PSScriptRoot/output/Can" (Join-Path $staging $version) -Recurse
    # Compress-Archive would lose the helper's executable bit.
    [IO.Compression.ZipFile]::CreateFromDirectory($staging, $archive, 'Optimal', $true)
    Get-Item $archive
}

foreach ($name in $Task) { & $name }
