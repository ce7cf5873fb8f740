BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Import-Module "$PSScriptRoot/../Registry.psm1"
    Initialize-CanTest -NoImage
    $folder = Get-Scratch credentials
    Hide-Credential $folder
}
AfterAll {
    Show-Credential
    Clear-CanTest
}

Describe 'Get-CanRegistry' {
    BeforeAll {
        $env:REGISTRY_AUTH_FILE = "$folder/auth.json"
        $auth = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes('bob:secret'))
        @{ auths = @{ 'https://index.docker.io/v1/' = @{ auth = $auth }; 'b.example' = @{ auth = $auth } }; credHelpers = @{ 'c.example' = 'pass' } } |
            ConvertTo-Json | Set-Content $env:REGISTRY_AUTH_FILE
    }

    It 'lists who is logged in with which tool' {
        $logins = Get-CanRegistry
        $logins.Registry | Should -Be b.example, c.example, docker.io
        $logins.UserName | Should -Be bob, '', bob
        $logins.Source | Should -Be $env:REGISTRY_AUTH_FILE, docker-credential-pass, $env:REGISTRY_AUTH_FILE
        $logins | Format-Table | Out-String | Should -Not -Match secret
    }
    It 'takes names and patterns' {
        (Get-CanRegistry docker.io).UserName | Should -Be bob
        ('b*', 'docker.io' | Get-CanRegistry).Registry | Should -Be b.example, docker.io
        Get-CanRegistry x* | Should -BeNullOrEmpty
        Get-CanErrorId { Get-CanRegistry x.example } | Should -Be RegistryNotConnected
    }
    It 'names a file that cannot be understood' {
        $env:REGISTRY_AUTH_FILE = "$folder/bad.json"
        Set-Content $env:REGISTRY_AUTH_FILE '{'
        $failure = Get-CanError { Get-CanRegistry }
        $failure.Id | Should -Be CredentialFileInvalid
        $failure.Message | Should -Match bad.json
    }
}
