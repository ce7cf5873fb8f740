BeforeDiscovery {
    Import-Module "$PSScriptRoot/../Registry.psm1"
    $missing = -not (Test-RegistryProgram)
}
BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Import-Module "$PSScriptRoot/../Registry.psm1"
    Initialize-CanTest
    Hide-Credential (Get-Scratch credentials)
}
AfterAll {
    Show-Credential
    Clear-CanTest
}

Describe 'Send-CanImage, without a registry' {
    It 'says that there is no such image' { Get-CanErrorId { Send-CanImage nosuch } | Should -Be ImageNotFound }
    It 'refuses a destination that is no reference' { Get-CanErrorId { Send-CanImage busybox 'a b' } | Should -Be ReferenceInvalid }
    It 'does not guess where an image with several references, or none, is to go' {
        Add-CanImageTag busybox localhost:1/other
        Get-CanErrorId { Get-CanImage busybox | Send-CanImage -AllowInsecure } | Should -Be DestinationMissing
        Get-CanErrorId { Send-CanImage localhost:1/other -AllowInsecure } | Should -Be RegistryUnreachable
        Remove-CanImageTag localhost:1/other
    }
}

Describe 'Send-CanImage, with docker-registry (skipped where that is not installed)' -Skip:$missing {
    BeforeAll {
        $registry = Start-Registry (Get-Scratch registry)
        $busybox = Get-CanImage busybox
    }
    AfterAll { Stop-Registry $registry }

    It 'sends an image by its reference' {
        Add-CanImageTag busybox "$($registry.Name)/a/app:1"
        $sent = Send-CanImage "$($registry.Name)/a/app:1" -AllowInsecure
        $sent.Reference | Should -Be "$($registry.Name)/a/app:1"
        $sent.Digest | Should -Be $busybox.Digest
        $sent.Id | Should -Be $busybox.Id
        $sent.Size | Should -BeGreaterThan 1MB
        $sent.Uploaded | Should -BeGreaterThan 1MB
        $sent | Format-Table | Out-String -Width 200 | Should -Match 'a/app:1'
    }
    It 'sends every reference that fits a pattern' {
        Add-CanImageTag busybox "$($registry.Name)/b/app:1", "$($registry.Name)/b/app:2"
        (Send-CanImage "$($registry.Name)/b/*" -AllowInsecure).Reference | Should -Be "$($registry.Name)/b/app:1", "$($registry.Name)/b/app:2"
    }
    It 'sends objects and Ids to -Destination' {
        ($busybox | Send-CanImage -Destination "$($registry.Name)/c/app" -AllowInsecure).Reference | Should -Be "$($registry.Name)/c/app:latest"
        (Send-CanImage -Id $busybox.ShortId -Destination "$($registry.Name)/c/app:2" -AllowInsecure).Present | Should -BeGreaterThan 1MB
    }
    It 'lets the registry take what another repository has' {
        Add-CanImageTag busybox "$($registry.Name)/d/app:1"
        $null = Send-CanImage "$($registry.Name)/d/app:1" -AllowInsecure
        $sent = Send-CanImage busybox "$($registry.Name)/e/app:1" -AllowInsecure
        $sent.Uploaded | Should -Be 0
        $sent.Mounted | Should -BeGreaterThan 1MB
    }
    It 'sends nothing with -WhatIf' {
        Send-CanImage busybox "$($registry.Name)/f/app:1" -AllowInsecure -WhatIf | Should -BeNullOrEmpty
        Get-CanErrorId { Receive-CanImage "$($registry.Name)/f/app:1" -AllowInsecure } | Should -Be ManifestUnknown
    }
}
