BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Get-CanImage' {
    BeforeAll {
        $other = Import-CanImage (Get-BusyboxRoot) -Reference registry.example/team/other:1.0 -Environment N=1
        $busybox = Get-CanImage busybox
    }

    It 'lists all' { (Get-CanImage).Id | Sort-Object | Should -Be ($busybox.Id, $other.Id | Sort-Object) }
    It 'takes references, with and without the tag, and patterns' {
        (Get-CanImage busybox:latest).Id | Should -Be $busybox.Id
        (Get-CanImage registry.example/team/other:1.0).Id | Should -Be $other.Id
        (Get-CanImage *other*).Id | Should -Be $other.Id
        (Get-CanImage busy*).Id | Should -Be $busybox.Id
        Get-CanImage x* | Should -BeNullOrEmpty
        ('busybox', '*other*' | Get-CanImage).Id | Should -Be $busybox.Id, $other.Id
    }
    It 'takes an Id, the beginning of one, and objects' {
        (Get-CanImage -Id $other.ShortId).Id | Should -Be $other.Id
        ($other | Get-CanImage).Id | Should -Be $other.Id
        (ConvertTo-Remote $other | Get-CanImage).Id | Should -Be $other.Id
    }
    It 'shows what is known of it' {
        $busybox.Id | Should -Match '^[0-9a-f]{64}$'
        $busybox.References | Should -Be busybox:latest
        $busybox.Configuration.Command | Should -Be /bin/sh
        $busybox.Layers | Should -Match '^[0-9a-f]{64}$'
        "$busybox" | Should -Be busybox:latest
        $busybox | Format-Table | Out-String -Width 200 | Should -Match "busybox.*$($busybox.ShortId)|$($busybox.ShortId).*busybox"
    }
    It 'says that there is no such image' {
        $failure = Get-CanError { Get-CanImage nosuch }
        $failure.Id | Should -Be ImageNotFound
        $failure.Category | Should -Be ObjectNotFound
        Get-CanErrorId { Get-CanImage busybox:1 } | Should -Be ImageNotFound
        Get-CanErrorId { Get-CanImage -Id ffffffffffff0 } | Should -Be ImageNotFound
    }
}
