BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Measure-CanContainer' {
    . "$PSScriptRoot/Finding.ps1" Measure-CanContainer

    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'measures one that works' {
        $null = New-CanContainer busybox -Name busy -- sh -c 'sleep 1000 & while :; do :; done'
        Wait-Until { (Get-CanProcess busy).Count -eq 2 } -Because 'both have started'
        $first = Measure-CanContainer busy
        Wait-Until { (Measure-CanContainer busy).CpuTime -gt $first.CpuTime } -Because 'it works'
        $sample = Measure-CanContainer busy
        $sample.Container | Should -Be busy
        $sample.Id | Should -Be (Get-CanContainer busy).Id
        $sample.CpuPercent | Should -BeGreaterThan 1
        $sample.MemoryBytes | Should -BeGreaterThan 0
        $sample.MemoryLimitBytes | Should -BeNullOrEmpty
        $sample.Timestamp | Should -BeGreaterThan $first.Timestamp
        if ($null -ne $sample.Pids) { $sample.Pids | Should -Be 2 }
    }

    It 'measures again and again until none runs' {
        $null = New-CanContainer busybox -Name short sleep 2
        $samples = @(Measure-CanContainer short -Continuous -Interval 0.2)
        $samples.Count | Should -BeGreaterThan 1
        $samples.Container | Select-Object -Unique | Should -Be short
    }

    It 'ends when nobody wants more' {
        $null = New-CanContainer busybox -Name steady sleep 1000
        Measure-CanContainer steady -Continuous -Interval 0.05 | Select-Object -First 3 | Should -HaveCount 3
    }

    It 'is refused for one that does not run' {
        $null = New-CanContainer busybox -Name idle -NoStart true
        Get-CanErrorId { Measure-CanContainer idle } | Should -Be ContainerNotRunning
    }
}
