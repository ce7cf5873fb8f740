BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Test-CanContainer' {
    BeforeAll {
        $container = New-CanContainer busybox -Name running sleep 1000
        $null = New-CanContainer busybox -Name created -NoStart true
    }

    It 'says whether there is such a container' {
        Test-CanContainer running | Should -BeTrue
        Test-CanContainer nosuch | Should -BeFalse
        Test-CanContainer -Id $container.ShortId | Should -BeTrue
        Test-CanContainer -Id ffffffffffff0 | Should -BeFalse
        Test-CanContainer r* | Should -BeTrue
        Test-CanContainer x* | Should -BeFalse
    }

    It 'says whether it is in one of the states' {
        Test-CanContainer running -State Running | Should -BeTrue
        Test-CanContainer running -State Exited, Created | Should -BeFalse
        Test-CanContainer created -State Exited, Created | Should -BeTrue
    }

    It 'answers for each that comes' {
        'running', 'nosuch', 'created' | Test-CanContainer | Should -Be $true, $false, $true
        $container, (Get-CanContainer created) | Test-CanContainer -State Running | Should -Be $true, $false
        ConvertTo-Remote $container | Test-CanContainer | Should -BeTrue
    }

    It 'says no for one that is gone' {
        $gone = New-CanContainer busybox -NoStart true
        $gone | Remove-CanContainer
        $gone | Test-CanContainer | Should -BeFalse
    }
}
