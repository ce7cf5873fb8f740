BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Import-CanImage' {
    AfterEach {
        Get-CanImage | ForEach-Object References | Where-Object { $_ -ne 'busybox:latest' } | Remove-CanImage
        Get-CanImage | Where-Object { -not $_.References } | Remove-CanImage
    }

    It 'imports a tar, <How>' -ForEach @(
        @{ How = 'plain'; Options = @('-cf') }, @{ How = 'compressed by gzip'; Options = @('-czf') }, @{ How = 'compressed by zstd'; Options = '--zstd', '-cf' }
    ) {
        $path = "$(Get-Scratch tars)/$([guid]::NewGuid())"
        tar -C (Get-BusyboxRoot) @Options $path .
        $image = Import-CanImage $path -Reference packed:1 -Environment HOW=$How
        $image | Should -BeOfType Can.Engine.Images.Image
        $image.References | Should -Be packed:1
        $image.Size | Should -BeGreaterThan 1MB
        $image.Layers | Should -HaveCount 1
        Invoke-CanContainer packed:1 echo works | Should -Be works
    }

    It 'imports a directory' {
        $image = Get-Item (Get-BusyboxRoot) | Import-CanImage -Reference folder
        $image.References | Should -Be busybox:latest, folder:latest -Because 'the same files are the same image'
        Invoke-CanContainer folder echo works | Should -Be works
    }

    It 'imports a path relative to where the shell is' {
        Push-Location (Split-Path (Get-BusyboxRoot))
        try { (Import-CanImage ./busybox here).References | Should -Contain here:latest } finally { Pop-Location }
    }

    It 'keeps owners, modes, links, times and holes' {
        $folder = Get-Scratch special
        cp -a "$(Get-BusyboxRoot)/." $folder
        Set-Content $folder/file x
        chown 12:34 $folder/file
        chmod 4751 $folder/file
        touch -d '2001-02-03 04:05:06Z' $folder/file
        ln $folder/file $folder/hard
        ln -s nowhere $folder/soft
        mkfifo $folder/fifo
        truncate -s 5000000 $folder/sparse
        New-Item -ItemType Directory "$folder/ünï cödé" | Out-Null
        tar -C $folder --sparse -cf "$folder.tar" .
        foreach ($source in $folder, "$folder.tar") {
            $null = Import-CanImage $source -Reference special
            Invoke-CanContainer special -- sh -c 'stat -c "%u %g %a %Y %h" /file; readlink /soft; test -p /fifo && echo fifo; stat -c %s /sparse; for f in /ün*; do echo "$f"; done' |
                Should -Be '12 34 4751 981173106 2', nowhere, fifo, 5000000, '/ünï cödé'
        }
    }

    It 'gives its containers what it was told' {
        $image = Import-CanImage (Get-BusyboxRoot) -Reference told -Entrypoint echo -Command default -Environment @{ A = '1' } -User nobody -WorkingDirectory /tmp -Label @{ team = 'x' }
        $image.Configuration.Entrypoint | Should -Be echo
        $image.Configuration.Command | Should -Be default
        $image.Configuration.Environment | Should -Be A=1
        $image.Configuration.User | Should -Be nobody
        $image.Configuration.Labels['team'] | Should -Be x
        Invoke-CanContainer told | Should -Be default
        Invoke-CanContainer told given | Should -Be given
    }

    It 'stores equal layers once' {
        $layers = (Get-ChildItem "$env:CAN_ROOT/lib/layers").Count
        $first = Import-CanImage (Get-BusyboxRoot) -Reference first -Environment N=1
        $second = Import-CanImage (Get-BusyboxRoot) -Reference second -Environment N=2
        $first.Id | Should -Not -Be $second.Id
        $first.Layers | Should -Be $second.Layers
        (Get-ChildItem "$env:CAN_ROOT/lib/layers").Count | Should -Be $layers
    }

    It 'takes a reference over from the image that has it' {
        $old = Import-CanImage (Get-BusyboxRoot) -Reference moving -Environment N=1
        $new = Import-CanImage (Get-BusyboxRoot) -Reference moving -Environment N=2
        (Get-CanImage moving).Id | Should -Be $new.Id
        (Get-CanImage -Id $old.Id).References | Should -BeNullOrEmpty
    }

    It 'imports nothing with -WhatIf' {
        $before = Get-CanTrace
        Import-CanImage (Get-BusyboxRoot) -Reference planned -WhatIf | Should -BeNullOrEmpty
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }

    It 'refuses the reference <_>' -ForEach 'Upper:case', 'a b', 'x:', '../x' {
        $before = Get-CanTrace
        Get-CanErrorId { Import-CanImage (Get-BusyboxRoot) -Reference $_ } | Should -Be ReferenceInvalid
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }
}
