BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Suspend-CanContainer' {
    . "$PSScriptRoot/Finding.ps1" Suspend-CanContainer -With @{ PassThru = $true }
    . "$PSScriptRoot/WhatIf.ps1" Suspend-CanContainer

    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'freezes all processes, and Resume-CanContainer lets them go on' {
        $null = New-CanContainer busybox -Name counter -- sh -c 'i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done'
        Wait-Until { Get-CanLog counter } -Because 'it counts'
        (Suspend-CanContainer counter -PassThru).State | Should -Be Suspended
        (Get-CanContainer counter).State | Should -Be Suspended
        (Get-CanContainer -State Suspended).Name | Should -Be counter

        $frozen = @(Get-CanLog counter)[-1].Message
        Start-Sleep -Milliseconds 300
        @(Get-CanLog counter)[-1].Message | Should -Be $frozen

        (Resume-CanContainer counter -PassThru).State | Should -Be Running
        Wait-Until { [int] @(Get-CanLog counter)[-1].Message -gt [int] $frozen } -Because 'it counts on'
    }

    It 'leaves one that is suspended alone' {
        $null = New-CanContainer busybox -Name twice sleep 1000
        Suspend-CanContainer twice
        (Suspend-CanContainer twice -PassThru).State | Should -Be Suspended
    }

    It 'makes exec wait for nobody: it is refused' {
        $null = New-CanContainer busybox -Name frozen sleep 1000
        Suspend-CanContainer frozen
        Get-CanErrorId { Invoke-CanExec frozen true } | Should -Be ContainerSuspended
    }

    It 'is refused for one that does not run' {
        $null = New-CanContainer busybox -Name idle -NoStart sleep 1000
        Get-CanErrorId { Suspend-CanContainer idle } | Should -Be ContainerNotRunning
    }
}
