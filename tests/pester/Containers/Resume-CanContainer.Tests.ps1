BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Resume-CanContainer' {
    BeforeDiscovery {
        $suspended = { $made = New-CanContainer busybox -Name $args[0] sleep 1000; Suspend-CanContainer $made.Name -PassThru }
    }
    . "$PSScriptRoot/Finding.ps1" Resume-CanContainer -Arrange $suspended -With @{ PassThru = $true }
    . "$PSScriptRoot/WhatIf.ps1" Resume-CanContainer -Arrange $suspended

    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'lets a suspended one go on' {
        $null = New-CanContainer busybox -Name frozen sleep 1000
        Get-CanContainer | Suspend-CanContainer
        (Get-CanContainer -State Suspended | Resume-CanContainer -PassThru).State | Should -Be Running
        Invoke-CanExec frozen echo awake | Should -Be awake
    }

    It 'leaves one that runs alone' {
        $null = New-CanContainer busybox -Name awake sleep 1000
        (Resume-CanContainer awake -PassThru).State | Should -Be Running
    }

    It 'is refused for one that does not run' {
        $null = New-CanContainer busybox -Name idle -NoStart sleep 1000
        Get-CanErrorId { Resume-CanContainer idle } | Should -Be ContainerNotRunning
    }
}
