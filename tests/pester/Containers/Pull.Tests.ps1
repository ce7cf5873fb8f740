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

Describe 'A missing image, without a registry' {
    It 'is not received with -Pull Never by <_>' -ForEach 'New-CanContainer', 'Invoke-CanContainer' {
        $before = Get-CanTrace
        $failure = Get-CanError { & $_ localhost:1/nosuch -Pull Never true }
        $failure.Id | Should -Be ImageNotFound
        $failure.Category | Should -Be ObjectNotFound
        $failure.Message | Should -BeLike '*Receive-CanImage*Import-CanImage*'
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }
    It 'makes nothing when its registry is not there' {
        $before = Get-CanTrace
        $failure = Get-CanError { New-CanContainer localhost:1/nosuch -Name mine true }
        $failure.Id | Should -Be RegistryUnreachable
        $failure.Message | Should -BeLike "*'localhost:1/nosuch:latest'*Import-CanImage*"
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }
    It 'is not asked for when something else is wrong' {
        Get-CanErrorId { New-CanContainer localhost:1/nosuch -Memory 1MB true } | Should -Be LimitTooSmall
        Get-CanErrorId { New-CanContainer localhost:1/nosuch -Platform a//b true } | Should -Be PlatformInvalid
    }
    It 'is not asked for when it was given as an object or by its Id' {
        $image = Get-CanImage busybox
        Get-CanErrorId { New-CanContainer $image.ShortId -Pull Always true } | Should -Be ReferenceInvalid
        Get-CanErrorId { New-CanContainer ('a' * 64) true } | Should -Be ImageNotFound
        Get-CanErrorId { $image | New-CanContainer -Pull Always -Command true } | Should -Be ReferenceInvalid
        $made = $image | New-CanContainer -NoStart -Platform $image.Platform -Command true
        $made.ImageId | Should -Be $image.Id
        $made | Remove-CanContainer
    }
}

Describe 'A missing image, with docker-registry (skipped where that is not installed)' -Skip:$missing {
    BeforeAll {
        $registry = Start-Registry (Get-Scratch registry)
        $reference = "$($registry.Name)/team/app:1"
        $sent = Send-CanImage busybox -Destination $reference -AllowInsecure
        $busybox = Get-CanImage busybox
    }
    AfterAll { Stop-Registry $registry }
    BeforeEach { Remove-CanImage busybox }
    AfterEach {
        Get-CanContainer | Remove-CanContainer -Force
        Get-CanImage | Remove-CanImage -Force
        $null = Import-CanImage (Get-BusyboxRoot) -Reference busybox
    }

    It 'is received by New-CanContainer, and not a second time' {
        $container = New-CanContainer $reference -AllowInsecure -- sleep 1000
        $container.State | Should -Be Running
        $container.Image | Should -Be $reference
        $container.ImageId | Should -Be $busybox.Id
        # Without -AllowInsecure the registry could not be asked.
        (New-CanContainer $reference -NoStart true).ImageId | Should -Be $busybox.Id
        Get-CanErrorId { New-CanContainer $reference -Pull Always true } | Should -Be TlsFailed
    }
    It 'is received by Invoke-CanContainer, whose output is the container''s alone' {
        Invoke-CanContainer $reference -AllowInsecure -Command echo, works | Should -Be works
        Get-CanContainer | Should -BeNullOrEmpty
        (Get-CanImage).References | Should -Be $reference
    }
    It 'is received by its digest' {
        $name = "$($registry.Name)/team/app@$($sent.Digest)"
        Invoke-CanContainer $name -AllowInsecure -Command echo, works | Should -Be works
        Invoke-CanContainer $name -Pull Never -Command echo, works | Should -Be works
    }
    It 'is received anew with -Pull Always' {
        $null = Receive-CanImage $reference -AllowInsecure
        $changed = New-CanContainer $reference -Name changed -- touch /changed
        Wait-CanContainer changed
        $null = Save-CanImage changed newer
        $null = Send-CanImage newer -Destination $reference -AllowInsecure
        try {
            Invoke-CanContainer $reference -- sh -c 'ls /changed 2>&1 >/dev/null | wc -l' | Should -Be 1
            Invoke-CanContainer $reference -Pull Always -AllowInsecure -- ls /changed | Should -Be /changed
            $changed.ImageId | Should -Be $busybox.Id
        }
        finally { $null = Send-CanImage $busybox.Id -Destination $reference -AllowInsecure }
    }
    It 'is only spoken of with -WhatIf by <_>' -ForEach 'New-CanContainer', 'Invoke-CanContainer' {
        $before = Get-CanTrace
        $transcript = Get-Scratch transcript
        $null = Start-Transcript "$transcript/text"
        try { & $_ $reference -AllowInsecure -WhatIf true | Should -BeNullOrEmpty }
        finally { $null = Stop-Transcript }
        Get-Content "$transcript/text" -Raw | Should -Match "Receive image.*$([regex]::Escape($reference))"
        Compare-CanTrace $before | Should -BeNullOrEmpty
        Get-CanImage | Should -BeNullOrEmpty
    }
    It 'is received for -Platform or not at all' {
        $null = Receive-CanImage $reference -AllowInsecure
        Invoke-CanContainer $reference -Platform $busybox.Platform -Command echo, works | Should -Be works
        Get-CanErrorId { New-CanContainer $reference -Platform linux/s390x -AllowInsecure true } | Should -Be PlatformNotFound
        Get-CanErrorId { New-CanContainer $reference -Platform linux/s390x -Pull Never true } | Should -Be PlatformNotFound
    }
    It 'shows how far it is, and stops when the pipeline does' {
        $large = Get-Scratch large
        fallocate -l 300M $large/file
        $null = Import-CanImage $large -Reference large
        $target = "$($registry.Name)/team/large:1"
        $null = Send-CanImage large $target -AllowInsecure
        Remove-CanImage large
        $shell = [powershell]::Create().AddScript({
                param($Module, $Target)
                Import-Module $Module
                New-CanContainer $Target -Network none -AllowInsecure true
            }).AddArgument((Get-Module Can).Path).AddArgument($target)
        try {
            $running = $shell.BeginInvoke()
            Wait-Until { $running.IsCompleted -or ($shell.Streams.Progress | Where-Object ParentActivityId -EQ 1) } -Because 'a layer is on its way'
            $shell.Stop()
            ($shell.Streams.Progress | Where-Object ActivityId -EQ 1).Activity | Select-Object -Unique | Should -Be 'Receiving image'
        }
        finally { $shell.Dispose() }
        Get-CanContainer | Should -BeNullOrEmpty
        Get-CanImage | Should -BeNullOrEmpty
    }
}
