BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Remove-CanContainer' {
    . "$PSScriptRoot/WhatIf.ps1" Remove-CanContainer -Arrange { New-CanContainer busybox -Name $args[0] -NoStart sleep 1000 }

    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'removes by <How>' -ForEach @(
        @{ How = 'name'; Do = { Remove-CanContainer one, two -PassThru } }
        @{ How = 'pattern'; Do = { Remove-CanContainer * -PassThru } }
        @{ How = 'pipeline of names'; Do = { 'one', 'two' | Remove-CanContainer -PassThru } }
        @{ How = 'pipeline of objects'; Do = { Get-CanContainer | Remove-CanContainer -PassThru } }
        @{ How = 'objects of a remote session'; Do = { Get-CanContainer | ForEach-Object { ConvertTo-Remote $_ } | Remove-CanContainer -PassThru } }
        @{ How = 'Id'; Do = { Remove-CanContainer -Id (Get-CanContainer).ShortId -PassThru } }
    ) {
        $null = 'one', 'two' | ForEach-Object { New-CanContainer busybox -Name $_ -NoStart true }
        (& $Do).Name | Should -Be one, two
        Get-CanContainer | Should -BeNullOrEmpty
    }

    It 'leaves nothing behind' {
        $before = Get-CanTrace
        $container = New-CanContainer busybox -Name full -Memory 64MB -PidsLimit 10 -Volume /data -- sh -c 'mkdir -p /a/b/c; echo x > /a/b/c/d; chmod 0 /a/b; sleep 1000'
        Wait-Until { Get-CanProcess full | Where-Object CommandLine -Like 'sleep*' } -Because 'it has written'
        Compare-CanTrace $before | Should -Not -BeNullOrEmpty
        $container | Remove-CanContainer -Force
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }

    It 'removes a running one with -Force only' {
        $null = New-CanContainer busybox -Name running sleep 1000
        $failure = Get-CanError { Remove-CanContainer running }
        $failure.Id | Should -Be ContainerRunning
        $failure.Category | Should -Be InvalidOperation
        $failure.Message | Should -BeLike '*-Force*'
        (Get-CanContainer running).State | Should -Be Running
        Remove-CanContainer running -Force
        Get-CanContainer | Should -BeNullOrEmpty
    }

    It 'removes a suspended one, and one that is restarted, with -Force' {
        $null = New-CanContainer busybox -Name frozen sleep 1000
        Suspend-CanContainer frozen
        $null = New-CanContainer busybox -Name loop -RestartPolicy always false
        Remove-CanContainer frozen, loop -Force
        Get-CanContainer | Should -BeNullOrEmpty
        Get-CanProcessId | Should -BeNullOrEmpty
    }

    It 'removes one whose monitor was killed, with what is left of it' {
        $before = Get-CanTrace
        $container = New-CanContainer busybox -Name orphan -Memory 64MB -- sh -c 'sleep 1000 & setsid sleep 1000 & wait'
        Stop-Process -Id $container.MonitorProcessId -Force
        Wait-Until { (Get-CanContainer orphan).State -eq 'Exited' } -Because 'nothing holds its lock'
        Wait-Until { -not (Test-Path "/proc/$($container.ProcessId)") } -Because 'its process went with the monitor'
        Remove-CanContainer orphan
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }

    It 'says that there is no such container' {
        Get-CanErrorId { Remove-CanContainer nosuch } | Should -Be ContainerNotFound
        Remove-CanContainer nosuch*
    }
}
