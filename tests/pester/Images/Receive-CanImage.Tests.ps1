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

Describe 'Receive-CanImage, without a registry' {
    It 'refuses the reference <_>' -ForEach 'Upper:case', 'a b', 'x:' { Get-CanErrorId { Receive-CanImage $_ } | Should -Be ReferenceInvalid }
    It 'says that nobody is there, and goes on with the next' {
        $before = Get-CanTrace
        Receive-CanImage localhost:1/a, localhost:1/b -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures.FullyQualifiedErrorId | Should -BeLike 'RegistryUnreachable,*'
        $failures.TargetObject | Should -Be localhost:1, localhost:1
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }
}

Describe 'Receive-CanImage, with docker-registry (skipped where that is not installed)' -Skip:$missing {
    BeforeAll {
        $registry = Start-Registry (Get-Scratch registry)
        $reference = "$($registry.Name)/team/app:1"
        $null = Send-CanImage busybox -Destination $reference -AllowInsecure
        $busybox = Get-CanImage busybox
    }
    AfterAll { Stop-Registry $registry }
    BeforeEach { Remove-CanImage busybox }
    AfterEach {
        Get-CanImage | Remove-CanImage -Force
        $null = Import-CanImage (Get-BusyboxRoot) -Reference busybox
    }

    It 'receives an image, which then runs' {
        $image = Receive-CanImage $reference -AllowInsecure
        $image | Should -BeOfType Can.Engine.Images.Image
        $image.Id | Should -Be $busybox.Id
        $image.Digest | Should -Be $busybox.Digest
        $image.References | Should -Be $reference
        Invoke-CanContainer $reference echo works | Should -Be works
    }
    It 'takes references from the pipeline' {
        ($reference, "$($registry.Name)/team/app@$($busybox.Digest)" | Receive-CanImage -AllowInsecure).Id | Should -Be $busybox.Id, $busybox.Id
    }
    It 'receives nothing with -WhatIf' {
        $before = Get-CanTrace
        Receive-CanImage $reference -AllowInsecure -WhatIf | Should -BeNullOrEmpty
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }
    It 'says that there is no such image' {
        $failure = Get-CanError { Receive-CanImage "$($registry.Name)/team/nosuch" -AllowInsecure }
        $failure.Id | Should -Be ManifestUnknown
        $failure.Category | Should -Be ObjectNotFound
        $failure.Target | Should -Be "$($registry.Name)/team/nosuch:latest"
    }
    It 'receives for -Platform, or says for which there is one' {
        (Receive-CanImage $reference -AllowInsecure -Platform $busybox.Platform).Id | Should -Be $busybox.Id
        $failure = Get-CanError { Receive-CanImage $reference -AllowInsecure -Platform linux/s390x }
        $failure.Id | Should -Be PlatformNotFound
        $failure.Message | Should -BeLike "*linux/s390x*$($busybox.Platform)*"
        Get-CanErrorId { Receive-CanImage $reference -AllowInsecure -Platform a//b } | Should -Be PlatformInvalid
    }
    It 'wants TLS unless told otherwise' { Get-CanErrorId { Receive-CanImage $reference } | Should -Be TlsFailed }
    It 'keeps to -MaximumSize' { Get-CanErrorId { Receive-CanImage $reference -AllowInsecure -MaximumSize 100KB } | Should -Be ImageTooLarge }
    It 'shows a bar for the image and one for each layer, and goes on after it was stopped' {
        $large = Get-Scratch large
        fallocate -l 300M $large/file
        $null = Import-CanImage $large -Reference large
        $target = "$($registry.Name)/team/large:1"
        $sent = Send-CanImage large $target -AllowInsecure
        Remove-CanImage large
        $shell = [powershell]::Create().AddScript({
                param($Module, $Target)
                Import-Module $Module
                Receive-CanImage $Target -AllowInsecure
            }).AddArgument((Get-Module Can).Path).AddArgument($target)
        try {
            $running = $shell.BeginInvoke()
            Wait-Until { $running.IsCompleted -or ($shell.Streams.Progress | Where-Object ParentActivityId -EQ 1) } -Because 'a layer is on its way'
            $shell.Stop()
            $layer = $shell.Streams.Progress | Where-Object ParentActivityId -EQ 1 | Select-Object -First 1
            $layer.Activity | Should -Match '^sha256:[0-9a-f]{12}$'
            $layer.StatusDescription | Should -Match ' of 300 MB'
            ($shell.Streams.Progress | Where-Object ActivityId -EQ 1).Activity | Select-Object -Unique | Should -Be 'Receiving image'
        }
        finally { $shell.Dispose() }
        $image = Receive-CanImage $target -AllowInsecure
        $image.Digest | Should -Be $sent.Digest
        "$env:CAN_ROOT/lib/downloads/$($image.Layers[0])" | Should -Not -Exist
    }
    It 'logs in as -Credential says, and as Connect-CanRegistry has' {
        $secured = Start-Registry (Get-Scratch secured) -Secured
        try {
            $null = Receive-CanImage $reference -AllowInsecure
            $private = "$($secured.Name)/private/app:1"
            Get-CanErrorId { Send-CanImage $reference $private -AllowInsecure } | Should -Be RegistryUnauthorized
            $null = Send-CanImage $reference $private -AllowInsecure -Credential (New-Login)
            Get-CanErrorId { Receive-CanImage $private -AllowInsecure } | Should -Be RegistryUnauthorized
            Get-CanErrorId { Receive-CanImage $private -AllowInsecure -Credential (New-Login -Password wrong) } | Should -Be RegistryUnauthorized
            Connect-CanRegistry $secured.Name (New-Login) -AllowInsecure
            (Receive-CanImage $private -AllowInsecure).Id | Should -Be $busybox.Id
        }
        finally {
            Stop-Registry $secured
        }
    }
}
