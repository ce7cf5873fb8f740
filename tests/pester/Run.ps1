<#
.SYNOPSIS
    Runs the Pester suite against the staged module and writes the counts for test.sh.
.DESCRIPTION
    Writes pester.counts ("passed failed skipped") and pester.xml (NUnit) into the folder Results. A file that does not
    load and a block whose set-up fails count as one failure each.
#>
param(
    [Parameter(Mandatory)] [string] $Results,
    [string] $Filter,
    [string[]] $Tag,
    [string[]] $Path = $PSScriptRoot
)
$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.5.0

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
$configuration.TestResult.Enabled = $true
$configuration.TestResult.OutputPath = Join-Path $Results 'pester.xml'
if ($Filter) { $configuration.Filter.FullName = "*$Filter*" }
if ($Tag) { $configuration.Filter.Tag = $Tag }

$run = Invoke-Pester -Configuration $configuration
if (-not $run) { throw "Pester ran nothing under $Path." }
$failed = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
$skipped = $run.SkippedCount + $run.InconclusiveCount
[IO.File]::WriteAllText((Join-Path $Results 'pester.counts'), "$($run.PassedCount) $failed $skipped`n")
