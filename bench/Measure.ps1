<#
.SYNOPSIS
    Measures Can beside the kernel's own floor, runc, podman and docker, on this machine, in one run.
.DESCRIPTION
    Every figure is taken in turn with the ones it is compared with, so that whatever else the machine does touches all
    of them. Reported as median, minimum and maximum, and as ratios; nothing is asserted. An engine that is not here is
    left out, with the reason. Needs root, the staged module (output/Can), a C compiler and a static busybox.

    The cases with networks (l to q) are taken by a second process in a network namespace of its own, so that nothing of the
    machine's own network is used or changed.

    Writes results.json and results.md into Output and the table to the pipeline.
.PARAMETER Only
    Letters of the measurements to take; all of them by default.
.PARAMETER Quick
    A fifth of the rounds: to try a change, not to quote.
.PARAMETER RootTar
    The root tar to import for (e) and of the images for (h) and (j). By default one of 170 MB is made of this machine's own /usr.
.PARAMETER Apart
    This is that second process.
.EXAMPLE
    bench/Measure.ps1 -Only a, b -Quick
#>
[CmdletBinding()]
param(
    [ValidateSet('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q')]
    [string[]] $Only = @('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q'),
    [switch] $Quick,
    [switch] $Apart,
    [string] $RootTar,
    [string] $Module = (Join-Path $PSScriptRoot '../output/Can'),
    [string] $Output = (Join-Path $PSScriptRoot '../output/bench')
)
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
if ((id -u) -ne 0) { throw 'The benchmarks start containers: run them as root.' }

Get-ChildItem "$PSScriptRoot/lib/*.ps1" | ForEach-Object { . $_.FullName }

$Module = Convert-Path $Module
$networked = @($Only | Where-Object { -not $Apart -and $_ -in 'l', 'm', 'n', 'o', 'p', 'q' })
$bench = New-BenchContext -Module $Module -Quick:$Quick -RootTar $RootTar -Networks:$Apart
$callersRoot = $env:CAN_ROOT
try {
    $env:CAN_ROOT = $bench.CanRoot
    Import-Module $Module
    if ($Apart) { Initialize-NetworkPeers $bench }
    elseif ($networked.Count -lt $Only.Count) { Initialize-Peers $bench }
    Import-CanImage $bench.ImageTar bench | Out-Null
    foreach ($letter in $Only | Where-Object { $_ -notin $networked }) {
        $case = Get-Item "$PSScriptRoot/cases/$letter-*.ps1"
        Write-Information "($letter) $($case.BaseName.Substring(2))" -InformationAction Continue
        . $case.FullName
    }

    if ($networked) { Measure-Apart $bench $networked }

    New-Item -ItemType Directory -Force $Output | Out-Null
    $report = New-BenchReport $bench
    $report | ConvertTo-Json -Depth 6 | Set-Content (Join-Path $Output 'results.json')
    ConvertTo-BenchMarkdown $report | Set-Content (Join-Path $Output 'results.md')
    if (-not $Apart) { Get-Content (Join-Path $Output 'results.md') }
}
finally {
    Get-CanContainer -ErrorAction Ignore | Remove-CanContainer -Force -Confirm:$false -ErrorAction Continue
    Get-CanImage -ErrorAction Ignore | Remove-CanImage -Confirm:$false -ErrorAction Continue
    $Apart ? (Remove-NetworkPeers $bench) : (Remove-Peers $bench)
    $env:CAN_ROOT = $callersRoot
    Remove-BenchContext $bench
}
