BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Get-CanProcess' {
    . "$PSScriptRoot/Finding.ps1" Get-CanProcess

    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'shows the processes with their ids outside and inside' {
        $container = New-CanContainer busybox -Name family -User nobody -- sh -c 'sleep 1001 & sleep 1002 & wait'
        Wait-Until { (Get-CanProcess family | Where-Object CommandLine -Like 'sleep*').Count -eq 2 } -Because 'all have started'
        $processes = Get-CanProcess family | Sort-Object ContainerProcessId
        $processes | Should -HaveCount 3
        $processes[0].ProcessId | Should -Be $container.ProcessId
        $processes[0].ContainerProcessId | Should -Be 1
        $processes[0].ParentProcessId | Should -Be $container.MonitorProcessId
        $processes[1, 2].ParentProcessId | Select-Object -Unique | Should -Be $container.ProcessId
        $processes.User | Select-Object -Unique | Should -Be 65534
        $processes[1, 2].CommandLine | Sort-Object | Should -Be 'sleep 1001', 'sleep 1002'
        $processes[0].WorkingSet | Should -BeGreaterThan 0
        $processes[0].StartTime | Should -BeGreaterThan $container.CreatedAt.AddMinutes(-1)
        [int[]] (Invoke-CanExec family -- sh -c 'ls /proc | grep -E "^[0-9]+$"') | Should -Contain $processes[2].ContainerProcessId
    }

    It 'shows nothing of one that does not run' {
        $null = New-CanContainer busybox -Name idle -NoStart true
        Get-CanProcess idle | Should -BeNullOrEmpty
    }
}
