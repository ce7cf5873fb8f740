<#
.SYNOPSIS
    The quick start's PowerShell half: runs each command for real and shows it with its output.
#>
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $RootTar
)
$ErrorActionPreference = 'Stop'

$commands = @(
    "Import-Module $Module"
    "Import-CanImage $RootTar busybox"
    'New-CanContainer busybox -Name demo -Memory 64MB -Init -- sh -c ''echo Hello from $(hostname); sleep 300'''
    'Get-CanContainer'
    'Invoke-CanExec demo ps'
    'Invoke-CanExec demo -- ls /'
    'Get-CanLog demo'
    'Get-CanContainer demo | Stop-CanContainer -PassThru'
    'Remove-CanContainer demo'
    'Get-CanContainer'
    'Remove-CanImage busybox'
)

try {
    foreach ($command in $commands) {
        ''
        "PS> $command"
        Invoke-Expression $command | Out-String -Width 120 | ForEach-Object TrimEnd | Where-Object { $_ }
    }
}
finally {
    # After a failure something may still be there; after a success nothing is.
    if (Get-Command Remove-CanContainer -ErrorAction Ignore) {
        Get-CanContainer | Remove-CanContainer -Force -Confirm:$false
        Get-CanImage | Remove-CanImage -Confirm:$false
    }
}
