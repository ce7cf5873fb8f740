BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Wait-CanContainer' {
    . "$PSScriptRoot/Finding.ps1" Wait-CanContainer -Arrange { New-CanContainer busybox -Name $args[0] true }

    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'gives the containers as they ended' {
        $codes = 0..3 | ForEach-Object { New-CanContainer busybox -Name "exit$_" -- sh -c "exit $_" } | Wait-CanContainer
        $codes.State | Select-Object -Unique | Should -Be Exited
        $codes | Sort-Object Name | ForEach-Object ExitCode | Should -Be 0, 1, 2, 3
    }

    It 'tells a death by a signal by its number' {
        $container = New-CanContainer busybox -Name killed -Init sleep 1000
        Send-CanSignal killed TERM
        ($container | Wait-CanContainer).ExitCode | Should -Be (128 + 15)
    }

    It 'gives the first with -Any' {
        $null = New-CanContainer busybox -Name slow sleep 1000
        $null = New-CanContainer busybox -Name quick true
        (Wait-CanContainer slow, quick -Any).Name | Should -Be quick
    }

    It 'waits until it is removed' {
        $container = New-CanContainer busybox -Name going sleep 1000
        $module = (Get-Module Can).Path
        $job = Start-ThreadJob {
            Import-Module $using:module
            ($found = Get-CanContainer going)
            $found | Wait-CanContainer -Condition Removed
        }
        Wait-Until { $job.Output.Count -gt 0 } -Because 'the job has found it'
        Remove-CanContainer going -Force
        ($job | Wait-Job | Receive-Job).Id | Should -Be $container.Id, $container.Id
    }

    It 'waits until it runs' {
        $null = New-CanContainer busybox -Name now sleep 1000
        (Wait-CanContainer now -Condition Running).State | Should -Be Running
    }

    It 'fails when the time is over' {
        $null = New-CanContainer busybox -Name forever sleep 1000
        $failure = Get-CanError { Wait-CanContainer forever -Timeout 0.1 }
        $failure.Id | Should -Be WaitTimeout
        $failure.Category | Should -Be OperationTimeout
        (Get-CanContainer forever).State | Should -Be Running
    }

    It 'can be stopped' {
        $null = New-CanContainer busybox -Name forever sleep 1000
        $shell = [powershell]::Create().AddScript("Import-Module '$PSScriptRoot/../../../output/Can/Can.psd1'; 'ready'; Wait-CanContainer forever")
        $output = [Management.Automation.PSDataCollection[psobject]]::new()
        $null = $shell.BeginInvoke([Management.Automation.PSDataCollection[psobject]]::new(), $output)
        Wait-Until { $output.Count } -Because 'it waits'
        $shell.Stop()
        $shell.InvocationStateInfo.State | Should -Be Stopped
        $shell.Dispose()
    }
}
