<#
.SYNOPSIS
    Publishes the package to a gallery that is a folder, and installs the module from there for this user (HOME).
.DESCRIPTION
    Ends with 3 where PowerShell has no PSResourceGet.
#>
param(
    [Parameter(Mandatory)] [string] $Package,
    [Parameter(Mandatory)] [string] $Gallery,
    [Parameter(Mandatory)] [string] $Version
)
$ErrorActionPreference = 'Stop'
if (-not (Get-Module Microsoft.PowerShell.PSResourceGet -ListAvailable)) {
    'this PowerShell has no PSResourceGet'
    exit 3
}
Register-PSResourceRepository -Name gallery -Uri $Gallery -Trusted
Publish-PSResource -NupkgPath $Package -Repository gallery
$found = Find-PSResource Can -Repository gallery
if ("$($found.Name) $($found.Version) $($found.Type)" -ne "Can $Version Module") { throw "found: $($found | Out-String)" }
Install-PSResource Can -Repository gallery -Scope CurrentUser
if (-not (Get-InstalledPSResource Can -Version $Version)) { throw 'it is not among the installed ones' }
