<#
.SYNOPSIS
    Is killed in the middle of a cmdlet (tests/kill/run.sh): goes through one whole life, prepares the operation, says on which
    thread cmdlets run, and waits for its cue.
#>
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Operation,
    [Parameter(Mandatory)] [string] $Name
)
$ErrorActionPreference = 'Stop'
Import-Module $Module

$operations = @{
    new    = @{ Prepare = { }; Run = { New-CanContainer busybox:latest -Name $args[0] -Init -Network none -Command sleep, 1000 } }
    start  = @{ Prepare = { New-CanContainer busybox:latest -Name $args[0] -Init -Network none -Command sleep, 1000 -NoStart }; Run = { Start-CanContainer $args[0] } }
    stop   = @{ Prepare = { New-CanContainer busybox:latest -Name $args[0] -Init -Network none -Command sleep, 1000 }; Run = { Stop-CanContainer $args[0] } }
    remove = @{ Prepare = { New-CanContainer busybox:latest -Name $args[0] -Init -Network none -Command sleep, 1000 }; Run = { Remove-CanContainer $args[0] -Force -Confirm:$false } }
}
$chosen = $operations[$Operation]

foreach ($container in "$Name-warm", $Name) {
    $null = & $chosen.Prepare $container
    if ($container -eq $Name) {
        [Console]::Out.WriteLine("ready $(([IO.FileInfo]'/proc/thread-self').LinkTarget | Split-Path -Leaf)")
        if ($null -eq [Console]::In.ReadLine()) { return }
    }
    $null = & $chosen.Run $container
    if ($container -ne $Name) { Remove-CanContainer "$container*" -Force -Confirm:$false }
}
[Console]::Out.WriteLine('done')
