BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Restart-CanContainer' {
    . "$PSScriptRoot/Finding.ps1" Restart-CanContainer -Arrange { New-CanContainer busybox -Name $args[0] -Init sleep 1000 } -With @{ PassThru = $true }
    . "$PSScriptRoot/WhatIf.ps1" Restart-CanContainer -Arrange { New-CanContainer busybox -Name $args[0] -Init sleep 1000 }

    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'ends the process and starts another' {
        $before = New-CanContainer busybox -Name server -StopTimeout 0 sleep 1000
        Invoke-CanExec server -- sh -c 'echo kept > /kept; echo gone > /dev/shm/gone'
        $after = Restart-CanContainer server -PassThru
        $after.State | Should -Be Running
        $after.ProcessId | Should -Not -Be $before.ProcessId
        $after.StartedAt | Should -BeGreaterThan $before.StartedAt
        Invoke-CanExec server -- sh -c 'cat /kept; ls /dev/shm' | Should -Be kept
    }

    It 'starts one that does not run' {
        $null = New-CanContainer busybox -Name idle -NoStart sleep 1000
        (Restart-CanContainer idle -PassThru).State | Should -Be Running
    }

    It 'waits no longer than told' {
        $null = New-CanContainer busybox -Name deaf -StopTimeout 1000 -- sh -c 'trap "" TERM; while :; do sleep 0.05; done'
        (Restart-CanContainer deaf -Timeout 0.1 -PassThru).State | Should -Be Running
    }
}
