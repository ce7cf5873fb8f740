BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Remove-CanVolume' {
    AfterEach {
        Get-CanContainer | Remove-CanContainer -Force
        Get-CanVolume | Remove-CanVolume
    }

    It 'removes volumes by name, by pattern, from a pipeline' {
        $volume = New-CanVolume v0
        Set-Content "$($volume.Path)/file" x
        Remove-CanVolume v0 | Should -BeNullOrEmpty
        $volume.Path | Should -Not -Exist
        $null = New-CanVolume v1, v2, v3, v4, v5
        (Remove-CanVolume v1, v2 -PassThru).Name | Should -Be v1, v2
        (Get-CanVolume v3 | Remove-CanVolume -PassThru).Name | Should -Be v3
        ('v4' | Remove-CanVolume -PassThru).Name | Should -Be v4
        Remove-CanVolume *
        Get-CanVolume | Should -BeNullOrEmpty
    }
    It 'removes nothing with -WhatIf' {
        $null = New-CanVolume data
        Remove-CanVolume data -WhatIf
        (Get-CanVolume).Name | Should -Be data
    }
    It 'refuses one that a container uses, and names that container' {
        $null = New-CanVolume data
        $null = New-CanContainer busybox -Name user -NoStart -Volume data:/data true
        $failure = Get-CanError { Remove-CanVolume data }
        $failure.Id | Should -Be VolumeInUse
        $failure.Category | Should -Be InvalidOperation
        $failure.Message | Should -BeLike '*user*'
        Remove-CanContainer user
        Remove-CanVolume data
    }
    It 'says that there is no such volume' { Get-CanErrorId { Remove-CanVolume nosuch } | Should -Be VolumeNotFound }
}
