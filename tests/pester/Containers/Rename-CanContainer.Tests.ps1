BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Rename-CanContainer' {
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'gives another name, and the old one is free' {
        $container = New-CanContainer busybox -Name old sleep 1000
        Rename-CanContainer old new | Should -BeNullOrEmpty
        (Get-CanContainer).Name | Should -Be new
        (Get-CanContainer new).Id | Should -Be $container.Id
        Invoke-CanExec new echo same | Should -Be same
        Get-CanErrorId { Get-CanContainer old } | Should -Be ContainerNotFound
        (New-CanContainer busybox -Name old -NoStart true).Name | Should -Be old
    }

    It 'takes a container from the pipeline, by Id, and from a remote session' {
        $container = New-CanContainer busybox -Name first -NoStart true
        ($container | Rename-CanContainer -NewName second -PassThru).Name | Should -Be second
        (Rename-CanContainer -Id $container.ShortId third -PassThru).Name | Should -Be third
        (ConvertTo-Remote (Get-CanContainer third) | Rename-CanContainer -NewName fourth -PassThru).Name | Should -Be fourth
        ('fourth' | Rename-CanContainer -NewName fifth -PassThru).Name | Should -Be fifth
        (Rename-CanContainer -InputObject $container sixth -PassThru).Name | Should -Be sixth
    }

    It 'changes nothing with -WhatIf' {
        $null = New-CanContainer busybox -Name old -NoStart true
        Rename-CanContainer old new -WhatIf -PassThru | Should -BeNullOrEmpty
        (Get-CanContainer).Name | Should -Be old
    }

    It 'refuses <NewName>: <Id>' -ForEach @(
        @{ NewName = 'taken'; Id = 'ContainerNameTaken' }
        @{ NewName = '../up'; Id = 'ContainerNameInvalid' }
        @{ NewName = 'a*'; Id = 'ContainerNameInvalid' }
    ) {
        $null = 'old', 'taken' | ForEach-Object { New-CanContainer busybox -Name $_ -NoStart true }
        $before = Get-CanTrace
        Get-CanErrorId { Rename-CanContainer old $NewName } | Should -Be $Id
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }

    It 'says that there is no such container' {
        Get-CanErrorId { Rename-CanContainer nosuch new } | Should -Be ContainerNotFound
    }
}
