BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Import-Module "$PSScriptRoot/../Registry.psm1"
    Initialize-CanTest -NoImage
    $folder = Get-Scratch credentials
    Hide-Credential $folder
    $own = "$env:CAN_ROOT/lib/registries"
    $auth = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes('bob:secret'))
    $null = New-Item -ItemType Directory $own
}
AfterAll {
    Show-Credential
    Clear-CanTest
}

Describe 'Disconnect-CanRegistry' {
    BeforeEach { @{ auths = @{ 'a.example' = @{ auth = $auth }; 'b.example' = @{ auth = $auth } } } | ConvertTo-Json | Set-Content "$own/config.json" }

    It 'forgets a registry' {
        Disconnect-CanRegistry a.example | Should -BeNullOrEmpty
        (Get-CanRegistry).Registry | Should -Be b.example
    }
    It 'takes several, from the pipeline too, and shows them with -PassThru' {
        (Get-CanRegistry | Disconnect-CanRegistry -PassThru).Registry | Should -Be a.example, b.example
        Get-CanRegistry | Should -BeNullOrEmpty
    }
    It 'does nothing with -WhatIf' {
        Disconnect-CanRegistry a.example -WhatIf
        Get-CanRegistry | Should -HaveCount 2
    }
    It 'leaves the files of others alone' {
        $env:REGISTRY_AUTH_FILE = "$folder/auth.json"
        @{ auths = @{ 'c.example' = @{ auth = $auth } } } | ConvertTo-Json | Set-Content $env:REGISTRY_AUTH_FILE
        $failure = Get-CanError { Disconnect-CanRegistry c.example }
        $failure.Id | Should -Be RegistryNotConnected
        $failure.Message | Should -Match auth.json
        (Get-CanRegistry c.example).UserName | Should -Be bob
    }
    It 'says that nobody is logged in' { Get-CanErrorId { Disconnect-CanRegistry d.example } | Should -Be RegistryNotConnected }
}
