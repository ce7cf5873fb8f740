BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Remove-CanNetwork' {
    AfterEach {
        Get-CanContainer | Remove-CanContainer -Force
        Get-CanNetwork | Remove-CanNetwork
    }

    It 'removes by name, by pattern and as objects' {
        $null = New-CanNetwork one, two, three, other
        Remove-CanNetwork one
        Remove-CanNetwork t*
        (Get-CanNetwork | Remove-CanNetwork -PassThru).Name | Should -Be other
        Get-CanNetwork | Should -BeNullOrEmpty
    }
    It 'removes nothing with -WhatIf' {
        $null = New-CanNetwork one
        Remove-CanNetwork one -WhatIf
        (Get-CanNetwork).Name | Should -Be one
    }
    It 'refuses while a container is on it' {
        $null = New-CanNetwork one
        $null = New-CanContainer busybox -Name user -Network one -NoStart -Command true
        $problem = Get-CanError { Remove-CanNetwork one }
        $problem.Id | Should -Be NetworkInUse
        $problem.Category | Should -Be InvalidOperation
        $problem.Message | Should -Match '\buser\b'
        Remove-CanContainer user
        Remove-CanNetwork one
    }
    It 'says that there is none of a name' { Get-CanErrorId { Remove-CanNetwork nosuch } | Should -Be NetworkNotFound }
}
