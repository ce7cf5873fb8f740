BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'New-CanVolume' {
    AfterEach { Get-CanVolume | Remove-CanVolume }

    It 'makes a volume' {
        $volume = New-CanVolume data -Label @{ a = 1 }
        $volume.Name | Should -Be data
        $volume.Labels['a'] | Should -Be 1
        $volume.CreatedAt | Should -BeGreaterThan ([datetimeoffset]::Now.AddMinutes(-30))
        $volume.Path | Should -Exist
        "$volume" | Should -Be data
    }
    It 'makes one for each name of a pipeline' {
        ('one', 'two' | New-CanVolume).Name | Should -Be one, two
        (New-CanVolume three, four).Name | Should -Be three, four
    }
    It 'makes nothing with -WhatIf' {
        New-CanVolume data -WhatIf | Should -BeNullOrEmpty
        Get-CanVolume | Should -BeNullOrEmpty
    }
    It 'refuses <Name>: <Id>' -ForEach @(
        @{ Name = 'taken'; Id = 'VolumeExists' }, @{ Name = '../x'; Id = 'VolumeNameInvalid' }, @{ Name = 'a b'; Id = 'VolumeNameInvalid' }
    ) {
        $null = New-CanVolume taken
        $before = Get-CanTrace
        Get-CanErrorId { New-CanVolume $Name } | Should -Be $Id
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }
}
