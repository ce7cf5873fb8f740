<#
.SYNOPSIS
    Builds, tests, measures or packs Can. Everything it does can be done without it.
.PARAMETER Task
    Build    dotnet build Can.sln: helper, engine and the staged module, output/Can
    Test     ./test.sh
    Bench    bench/Measure.ps1 on the staged module, as root; tables in output/bench
    Package  dotnet build packaging: output/package/Can.VERSION.nupkg for a PowerShell gallery, the module's folder beside
             it, and can-VERSION-linux-ARCH.tar.gz with the command, its completion and the service
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
    Invoke-Program dotnet build "$PSScriptRoot/packaging" --nologo -v q
    Get-ChildItem "$PSScriptRoot/output/package" -File
}

foreach ($name in $Task) { & $name }
