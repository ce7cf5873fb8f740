BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Stop-CanContainer' {
    . "$PSScriptRoot/Finding.ps1" Stop-CanContainer -Arrange { New-CanContainer busybox -Name $args[0] -Init sleep 1000 } -With @{ PassThru = $true }
    . "$PSScriptRoot/WhatIf.ps1" Stop-CanContainer -Arrange { New-CanContainer busybox -Name $args[0] -Init sleep 1000 }

    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'asks with the signal it is given' {
        $null = New-CanContainer busybox -Name asked -Network none -- sh -c 'trap "exit 8" USR1; echo ready; while :; do sleep 0.1; done'
        Wait-Until { Get-CanLog asked } -Because 'it is ready'
        Get-CanErrorId { Stop-CanContainer asked -Signal NONSENSE } | Should -Be SignalInvalid
        Stop-CanContainer asked -Signal USR1
        (Get-CanContainer asked).ExitCode | Should -Be 8
        Remove-CanContainer asked
    }

    It 'asks with the stop signal, and the container may say its last words' {
        $null = New-CanContainer busybox -Name polite -StopSignal USR1 -- sh -c 'trap "echo bye; exit 7" USR1; echo ready; while :; do sleep 0.05; done'
        Wait-Until { Get-CanLog polite } -Because 'the trap is set'
        (Stop-CanContainer polite -PassThru).ExitCode | Should -Be 7
        (Get-CanLog polite).Message | Should -Be ready, bye
    }

    It 'kills what does not listen when the time is over' {
        $null = New-CanContainer busybox -Name deaf -- sh -c 'trap "" TERM; echo ready; while :; do sleep 0.05; done'
        Wait-Until { Get-CanLog deaf } -Because 'the trap is set'
        (Stop-CanContainer deaf -Timeout 0.2 -PassThru).ExitCode | Should -Be 137
    }

    It 'uses the time that the container was given' {
        $null = New-CanContainer busybox -Name deaf -StopTimeout 0 sleep 1000
        (Stop-CanContainer deaf -PassThru).ExitCode | Should -Be 137
    }

    It 'kills at once with -Force' {
        $null = New-CanContainer busybox -Name trapped -- sh -c 'trap "exit 0" TERM; while :; do sleep 0.05; done'
        (Stop-CanContainer trapped -Force -PassThru).ExitCode | Should -Be 137
    }

    It 'ends a suspended one' {
        $null = New-CanContainer busybox -Name frozen -Init sleep 1000
        Suspend-CanContainer frozen
        (Stop-CanContainer frozen -Timeout 1 -PassThru).State | Should -Be Exited
    }

    It 'leaves nothing of it running' {
        $null = New-CanContainer busybox -Name family -- sh -c 'for i in 1 2 3 4 5; do setsid sleep 1000 & done; exec sleep 1000'
        Wait-Until { (Get-CanProcess family).Count -eq 6 } -Because 'all have started'
        Stop-CanContainer family -Force
        Get-CanProcessId | Should -BeNullOrEmpty
        Get-CgroupParent | Get-ChildItem -Directory | Where-Object Name -NE monitors | Should -BeNullOrEmpty
    }

    It 'is stronger than a restart policy' {
        $null = New-CanContainer busybox -Name eager -RestartPolicy always -StopTimeout 0 -- sh -c 'echo run; sleep 0.1'
        Wait-Until { (Get-CanContainer eager).RestartCount -ge 1 } -Because 'it was run again'
        (Stop-CanContainer eager -PassThru).State | Should -Be Exited
        $runs = (Get-CanLog eager).Count
        Get-CanProcessId | Should -BeNullOrEmpty
        (Get-CanLog eager).Count | Should -Be $runs
    }
}
