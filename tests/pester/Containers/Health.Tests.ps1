BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'The health of containers' {
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'is found out by a command that is run again and again' {
        $null = New-CanContainer busybox -Name web -HealthCommand 'cat /ready' -HealthInterval 0.05 -HealthRetries 2 -- sleep 1000
        Wait-Until { (Get-CanContainer web).Health.Status -eq 'Unhealthy' } -Because 'there is no such file'
        Test-CanContainer web -Healthy | Should -BeFalse
        Invoke-CanExec web -- sh -c 'echo yes > /ready'
        $healthy = Wait-CanContainer web -Condition Healthy -Timeout 120
        $healthy.Health.Status | Should -Be Healthy
        $healthy.Health.LastExitCode | Should -Be 0
        $healthy.Health.FailingStreak | Should -Be 0
        $healthy.Health.Output | Should -Be "yes`n"
        $healthy.Health.LastCheckedAt | Should -BeOfType DateTimeOffset
        Test-CanContainer web -Healthy | Should -BeTrue
        'web', 'nosuch' | Test-CanContainer -Healthy | Should -Be $true, $false
    }

    It 'is unknown before the first check' {
        $container = New-CanContainer busybox -HealthCommand true -HealthInterval 3600 -- sleep 1000
        $container.Health.Status | Should -Be Starting
        $container.Health.LastCheckedAt | Should -BeNullOrEmpty
        $container.IsHealthy | Should -BeFalse
    }

    It 'is in the view' {
        $null = New-CanContainer busybox -Name web -HealthCommand true -HealthInterval 0.05 -- sleep 1000 | Wait-CanContainer -Condition Healthy -Timeout 120
        Get-CanContainer web | Format-Table | Out-String -Width 200 | Should -Match 'Running \d+\w+ \(healthy\)'
        Get-CanContainer web | Format-List | Out-String | Should -Match 'Health\s+: Healthy'
        (Get-CanContainer web).Health | Out-String | Should -Match 'LastExitCode\s+: 0'
    }

    It 'is nothing without a health check' {
        $container = New-CanContainer busybox -Name plain -- sleep 1000
        $container.Health | Should -BeNullOrEmpty
        Test-CanContainer plain -Healthy | Should -BeFalse
        Get-CanErrorId { Wait-CanContainer plain -Condition Healthy } | Should -Be HealthCheckMissing
    }

    It 'takes a text for the shell, or a program and its arguments' {
        $shell = New-CanContainer busybox -NoStart -HealthCommand 'test -e /a && true' -- true
        $shell.HealthCheck.Test | Should -Be 'CMD-SHELL', 'test -e /a && true'
        $program = New-CanContainer busybox -NoStart -HealthCommand test, -e, '/a b' -- true
        $program.HealthCheck.Test | Should -Be 'CMD', 'test', '-e', '/a b'
    }

    It 'takes times as seconds and as TimeSpans, with Docker''s defaults' {
        $check = (New-CanContainer busybox -NoStart -HealthCommand true -HealthInterval 0.1 -HealthTimeout ([TimeSpan]::FromMinutes(1)) -HealthStartPeriod 5 -HealthStartInterval 1 -HealthRetries 9 -- true).HealthCheck
        $check.Interval, $check.Timeout, $check.StartPeriod, $check.StartInterval | ForEach-Object TotalSeconds | Should -Be 0.1, 60, 5, 1
        $check.Retries | Should -Be 9
        $check = (New-CanContainer busybox -NoStart -HealthCommand true -- true).HealthCheck
        $check.Interval, $check.Timeout, $check.StartPeriod, $check.StartInterval | ForEach-Object TotalSeconds | Should -Be 30, 30, 0, 5
        $check.Retries | Should -Be 3
    }

    It 'shows the steps of a probe' {
        $plan = Get-CanStartPlan -Image busybox -HealthCommand 'wget -q localhost' -Command sleep, 1000
        $probe = $plan | Where-Object Stage -In Probe, ProbeChild
        $probe.Operation | ForEach-Object ToString | Should -Contain Join
        $probe[-1].Description | Should -Match "execute /bin/sh -c 'wget -q localhost'"
        $plan.Description -match '^check health every 30 s' | Should -HaveCount 1
        New-CanContainer busybox -WhatIf -HealthCommand 'wget -q localhost' -Command sleep, 1000 6>&1 | Where-Object { "$_" -match 'ProbeChild execute /bin/sh' } | Should -HaveCount 1
    }

    It 'refuses what cannot be' {
        Get-CanErrorId { New-CanContainer busybox -HealthCommand true -HealthInterval 0 -- true } | Should -Be HealthCheckInvalid
        Get-CanErrorId { New-CanContainer busybox -HealthCommand true -HealthRetries 0 -- true } | Should -Be HealthCheckInvalid
        Get-CanErrorId { New-CanContainer busybox -HealthCommand true -NoHealthCheck -- true } | Should -Be HealthCheckInvalid
        Get-CanErrorId { New-CanContainer busybox -HealthInterval 1 -- true } | Should -Be HealthCheckMissing
        (New-CanContainer busybox -NoHealthCheck -NoStart -- true).Health | Should -BeNullOrEmpty
        Get-CanContainer | Should -HaveCount 1
    }

    It 'crosses a remote session as data' {
        $container = New-CanContainer busybox -HealthCommand true -HealthInterval 0.05 -- sleep 1000 | Wait-CanContainer -Condition Healthy -Timeout 120
        (ConvertTo-Remote $container).IsHealthy | Should -BeTrue
    }
}
