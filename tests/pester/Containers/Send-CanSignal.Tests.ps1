BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Send-CanSignal' {
    . "$PSScriptRoot/Finding.ps1" Send-CanSignal -With @{ Signal = 'WINCH'; PassThru = $true }
    . "$PSScriptRoot/WhatIf.ps1" Send-CanSignal -With @{ Signal = 'WINCH' }

    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'sends <_> to process 1' -ForEach 'USR1', 'SIGUSR1', 'usr1', '10' {
        $null = New-CanContainer busybox -Name listener -- sh -c 'trap "echo got it; exit 5" USR1; echo ready; while :; do sleep 0.05; done'
        Wait-Until { Get-CanLog listener } -Because 'the trap is set'
        Send-CanSignal listener $_
        (Wait-CanContainer listener -Timeout 120).ExitCode | Should -Be 5
        (Get-CanLog listener).Message | Should -Be ready, 'got it'
    }

    It 'kills, and the policy may start it again' {
        $null = New-CanContainer busybox -Name phoenix -RestartPolicy always sleep 1000
        Get-CanContainer phoenix | Send-CanSignal -Signal KILL
        Wait-Until { $now = Get-CanContainer phoenix; $now.RestartCount -eq 1 -and $now.State -eq 'Running' } -Because 'it was run again'
    }

    It 'refuses <What>' -ForEach @(
        @{ What = 'an unknown signal'; Signal = 'SIGNOT'; Id = 'SignalInvalid' }
        @{ What = 'a number that is none'; Signal = '99'; Id = 'SignalInvalid' }
    ) {
        $null = New-CanContainer busybox -Name target sleep 1000
        Get-CanErrorId { Send-CanSignal target $Signal } | Should -Be $Id
    }
}
