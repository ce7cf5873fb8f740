BeforeDiscovery {
    Import-Module "$PSScriptRoot/../Registry.psm1"
    $missing = -not (Test-RegistryProgram)
}
BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Import-Module "$PSScriptRoot/../Registry.psm1"
    Initialize-CanTest -NoImage
    Hide-Credential (Get-Scratch credentials)
}
AfterAll {
    Show-Credential
    Clear-CanTest
}

Describe 'Connect-CanRegistry, without a registry' {
    It 'refuses the registry <_>' -ForEach 'word', 'a b', 'host:port' {
        Get-CanErrorId { Connect-CanRegistry $_ (New-Login) } | Should -Be RegistryInvalid
    }
    It 'says that nobody is there' {
        $failure = Get-CanError { Connect-CanRegistry localhost:1 (New-Login) }
        $failure.Id | Should -Be RegistryUnreachable
        $failure.Target | Should -Be localhost:1
        Get-CanRegistry | Should -BeNullOrEmpty
    }
}

# A skip without a reason would look like a test that nobody needs.
Describe 'Connect-CanRegistry, with docker-registry (skipped where that is not installed)' -Skip:$missing {
    BeforeAll { $registry = Start-Registry (Get-Scratch registry) -Secured }
    AfterAll { Stop-Registry $registry }
    AfterEach { Get-CanRegistry | Disconnect-CanRegistry }

    It 'logs in, and keeps what Docker would keep' {
        Connect-CanRegistry $registry.Name (New-Login) -AllowInsecure | Should -BeNullOrEmpty
        $file = "$env:CAN_ROOT/lib/registries/config.json"
        $auth = (Get-Content $file | ConvertFrom-Json).auths.($registry.Name).auth
        [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($auth)) | Should -BeExactly 'alice:open sesame'
        stat -c %a $file (Split-Path $file) | Should -Be 600, 700
    }
    It 'shows the login with -PassThru, and never the password' {
        $login = Connect-CanRegistry -Registry $registry.Name -Credential (New-Login) -AllowInsecure -PassThru
        $login.Registry | Should -Be $registry.Name
        $login.UserName | Should -Be alice
        $login | Format-List * | Out-String | Should -Not -Match sesame
    }
    It 'keeps nothing that the registry refuses' {
        $failure = Get-CanError { Connect-CanRegistry $registry.Name (New-Login -Password wrong) -AllowInsecure }
        $failure.Id | Should -Be RegistryUnauthorized
        $failure.Category | Should -Be PermissionDenied
        $failure.Message | Should -Not -Match wrong
        Get-CanRegistry | Should -BeNullOrEmpty
    }
    It 'sends no password without TLS unless that is allowed' {
        $failure = Get-CanError { Connect-CanRegistry $registry.Name (New-Login) }
        $failure.Id | Should -Be TlsFailed
        $failure.Message | Should -Match -- -AllowInsecure
    }
    It 'does nothing with -WhatIf' {
        Connect-CanRegistry $registry.Name (New-Login) -AllowInsecure -WhatIf
        Get-CanRegistry | Should -BeNullOrEmpty
    }
    It 'completes the registry' {
        Connect-CanRegistry $registry.Name (New-Login) -AllowInsecure
        [Management.Automation.CommandCompletion]::CompleteInput('Get-CanRegistry loc', 19, $null).CompletionMatches.CompletionText | Should -Be $registry.Name
    }
}
