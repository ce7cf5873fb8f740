BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
    Add-CanImageTag busybox registry.example/tools/busybox:1
    $folder = Get-Scratch out
    # The tags that a Docker archive holds.
    function Get-ArchiveTag([string] $Path) { tar -xOf $Path manifest.json | ConvertFrom-Json | ForEach-Object RepoTags }
}
AfterAll { Clear-CanTest }

Describe 'Export-CanImage' {
    AfterEach { Remove-Item "$folder/*" -Recurse -Force }

    It 'writes an archive for docker load' {
        Export-CanImage busybox $folder/a.tar | Should -BeNullOrEmpty
        Get-ArchiveTag $folder/a.tar | Should -Be docker.io/library/busybox:latest
        (tar -tf $folder/a.tar) | Should -Contain "blobs/sha256/$((Get-CanImage busybox).Id)"
    }
    It 'writes an OCI archive and an OCI directory with the digest that the store has' {
        Export-CanImage busybox $folder/a.tar -Format OciArchive
        Export-CanImage busybox $folder/a -Format OciDirectory
        $digest = (Get-CanImage busybox).Digest
        (tar -xOf $folder/a.tar index.json | ConvertFrom-Json).manifests.digest | Should -Be $digest
        (Get-Content $folder/a/index.json | ConvertFrom-Json).manifests.digest | Should -Be $digest
    }
    It 'takes <How>' -ForEach @(
        @{ How = 'a reference'; Do = { Export-CanImage busybox:latest $path }; Tags = 'docker.io/library/busybox:latest' }
        @{ How = 'a pattern'; Do = { Export-CanImage *busybox* $path }; Tags = 'docker.io/library/busybox:latest', 'registry.example/tools/busybox:1' }
        @{ How = 'an Id'; Do = { Export-CanImage -Id (Get-CanImage busybox).ShortId $path }; Tags = 'docker.io/library/busybox:latest', 'registry.example/tools/busybox:1' }
        @{ How = 'references from the pipeline'; Do = { 'registry.example/tools/busybox:1' | Export-CanImage -Path $path }; Tags = 'registry.example/tools/busybox:1' }
        @{ How = 'images from the pipeline'; Do = { Get-CanImage | Export-CanImage -Path $path }; Tags = 'docker.io/library/busybox:latest', 'registry.example/tools/busybox:1' }
        @{ How = 'images from elsewhere'; Do = { ConvertTo-Remote (Get-CanImage) | Export-CanImage -Path $path }; Tags = 'docker.io/library/busybox:latest', 'registry.example/tools/busybox:1' }
    ) {
        $path = "$folder/taken.tar"
        & $Do
        Get-ArchiveTag $path | Should -Be $Tags
    }
    It 'writes several images into one archive' {
        $null = Import-CanImage (Get-BusyboxRoot) -Reference other -Environment N=1
        Export-CanImage busybox, other $folder/a.tar
        Get-ArchiveTag $folder/a.tar | Should -Be docker.io/library/busybox:latest, docker.io/library/other:latest
        Remove-CanImage other
    }
    It 'emits the file with -PassThru' {
        Export-CanImage busybox $folder/a.tar -PassThru | Should -BeOfType IO.FileInfo
        (Export-CanImage busybox $folder/a -Format OciDirectory -PassThru).FullName | Should -Be $folder/a
    }
    It 'writes to a path relative to where the shell is' {
        Push-Location $folder
        try { Export-CanImage busybox a.tar } finally { Pop-Location }
        "$folder/a.tar" | Should -Exist
    }
    It 'replaces with -Force only' {
        Set-Content $folder/a.tar old
        $failure = Get-CanError { Export-CanImage busybox $folder/a.tar }
        $failure.Id | Should -Be FileExists
        $failure.Category | Should -Be ResourceExists
        Get-Content $folder/a.tar | Should -Be old
        Export-CanImage busybox $folder/a.tar -Force
        Get-ArchiveTag $folder/a.tar | Should -Be docker.io/library/busybox:latest
    }
    It 'writes nothing with -WhatIf' {
        Export-CanImage busybox $folder/a.tar -WhatIf
        "$folder/a.tar" | Should -Not -Exist
    }
    It 'writes nothing for images that no pattern fits' {
        Export-CanImage x* $folder/a.tar
        "$folder/a.tar" | Should -Not -Exist
    }
    It 'leaves nothing when it is stopped' {
        $large = Get-Scratch large
        fallocate -l 300M $large/file
        $null = Import-CanImage $large -Reference large
        $shell = [powershell]::Create().AddScript({
                param($Module, $Target)
                Import-Module $Module
                Export-CanImage large $Target
            }).AddArgument((Get-Module Can).Path).AddArgument("$folder/a.tar")
        try {
            $running = $shell.BeginInvoke()
            Wait-Until { $running.IsCompleted -or (Get-ChildItem $folder -Force) } -Because 'the export has begun'
            $shell.Stop()
        }
        finally { $shell.Dispose() }
        # Either it was stopped in time and there is nothing, or it had just ended and there is all.
        (Get-ChildItem $folder -Force).Name | Where-Object { $_ -ne 'a.tar' } | Should -BeNullOrEmpty
        if (Test-Path $folder/a.tar) { Get-ArchiveTag $folder/a.tar | Should -Be docker.io/library/large:latest }
        Remove-CanImage large
    }
    It 'says what is wrong' {
        Get-CanErrorId { Export-CanImage nosuch $folder/a.tar } | Should -Be ImageNotFound
        Get-CanErrorId { Export-CanImage busybox $folder/no/such/a.tar } | Should -Be PathNotFound
        Get-CanErrorId { Export-CanImage busybox $folder } | Should -Be FileExists
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }
}
