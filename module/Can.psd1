@{
  RootModule = 'CanPS.dll'
  ModuleVersion = '0.1.0'
  GUID = '6b3c7a52-8d0e-4c9f-9a41-2f5be0d7c613'
  Author = 'The Can authors'
  CompanyName = 'The Can authors'
  Copyright = '(c) The Can authors. MIT licence.'
  Description = 'Linux containers from PowerShell: these cmdlets are the container engine. No daemon, no other runtime.'
  CompatiblePSEditions = @('Core')
  PowerShellVersion = '7.6'
  FormatsToProcess = @('Can.Format.ps1xml')
  TypesToProcess = @('Can.Types.ps1xml')
  FunctionsToExport = @()
  VariablesToExport = @()
  AliasesToExport = @()
  CmdletsToExport = @(
    'Compare-CanContainer'
    'Connect-CanContainer'
    'Enter-CanContainer'
    'Export-CanContainer'
    'Get-CanContainer'
    'Invoke-CanContainer'
    'Measure-CanContainer'
    'New-CanContainer'
    'Remove-CanContainer'
    'Rename-CanContainer'
    'Restart-CanContainer'
    'Resume-CanContainer'
    'Set-CanContainer'
    'Start-CanContainer'
    'Stop-CanContainer'
    'Suspend-CanContainer'
    'Test-CanContainer'
    'Wait-CanContainer'
    'Invoke-CanExec'
    'Copy-CanItem'
    'Export-CanImage'
    'Get-CanImage'
    'Get-CanImageHistory'
    'Import-CanImage'
    'Receive-CanImage'
    'Remove-CanImage'
    'Save-CanImage'
    'Send-CanImage'
    'Add-CanImageTag'
    'Remove-CanImageTag'
    'Get-CanLog'
    'Connect-CanNetwork'
    'Disconnect-CanNetwork'
    'Get-CanNetwork'
    'New-CanNetwork'
    'Remove-CanNetwork'
    'Get-CanProcess'
    'Send-CanSignal'
    'Connect-CanRegistry'
    'Disconnect-CanRegistry'
    'Get-CanRegistry'
    'Get-CanStartPlan'
    'Clear-CanStorage'
    'Measure-CanStorage'
    'Test-CanStorage'
    'Get-CanVolume'
    'New-CanVolume'
    'Remove-CanVolume'
  )
  PrivateData = @{
    PSData = @{
      Tags = @('Linux', 'Container', 'Containers', 'Docker', 'Podman', 'OCI', 'PSEdition_Core')
    }
  }
}
