BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Get-CanVolume' {
    BeforeAll { $null = New-CanVolume beta, alpha, gamma }

    It 'lists all by name' { (Get-CanVolume).Name | Should -Be alpha, beta, gamma }
    It 'takes names and patterns' {
        (Get-CanVolume beta).Name | Should -Be beta
        (Get-CanVolume *ta).Name | Should -Be beta
        ('gamma', 'alpha' | Get-CanVolume).Name | Should -Be gamma, alpha
        Get-CanVolume x* | Should -BeNullOrEmpty
    }
    It 'says that there is no such volume' {
        $failure = Get-CanError { Get-CanVolume nosuch }
        $failure.Id | Should -Be VolumeNotFound
        $failure.Category | Should -Be ObjectNotFound
        $failure.Target | Should -Be nosuch
    }
}
