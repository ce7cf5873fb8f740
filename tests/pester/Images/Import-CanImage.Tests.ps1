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

    It 'gives its containers what lines of a Dockerfile say' {
        $image = Import-CanImage (Get-BusyboxRoot) -Reference lines -Environment @{ A = '1' } -Change 'CMD ["echo", "hello"]', 'ENV B=2', 'EXPOSE 80'
        $image.Configuration.Environment | Should -Be A=1, B=2
        $image.Configuration.ExposedPorts | Should -Be 80/tcp
        Invoke-CanContainer lines | Should -Be hello
        Get-CanErrorId { Import-CanImage (Get-BusyboxRoot) -Change 'RUN make' } | Should -Be ChangeInvalid
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

    Context 'archives of images' {
        BeforeAll {
            $folder = Get-Scratch archives
            $root = Get-BusyboxRoot
            tar -C $root -cf "$folder/layer.tar" .
            $layer = (Get-FileHash "$folder/layer.tar").Hash.ToLower()
            $platform = (Get-CanImage busybox).Platform -split '/'
            @{ os = $platform[0]; architecture = $platform[1]; config = @{ Cmd = @('echo', 'from its own configuration') }; rootfs = @{ type = 'layers'; diff_ids = @("sha256:$layer") } } |
                ConvertTo-Json -Depth 5 | Set-Content "$folder/config.json"
            ConvertTo-Json -Depth 5 @(@{ Config = 'config.json'; RepoTags = @('saved:1', 'saved:2'); Layers = @('layer.tar') }) | Set-Content "$folder/manifest.json"
            $archive = "$folder/saved.tar"
            tar -C $folder -cf $archive config.json layer.tar manifest.json
        }

        It 'keep their references and configurations' {
            $image = Import-CanImage $archive
            $image.References | Should -Be saved:1, saved:2
            Invoke-CanContainer saved:1 | Should -Be 'from its own configuration'
        }

        It 'come from the pipeline' {
            (Get-Item $archive | Import-CanImage).References | Should -Contain saved:1
        }

        It 'come from a stream' {
            $stream = [IO.File]::OpenRead($archive)
            try { (Import-CanImage -Stream $stream -Reference streamed).References | Should -Contain streamed:latest }
            finally { $stream.Dispose() }
        }

        It 'come from a pipe' {
            $pipe = "$folder/pipe"
            mkfifo $pipe
            # With nothing of the shell's own kept open, else that would wait for it.
            sh -c "(cat '$archive' > '$pipe') > /dev/null 2>&1 &"
            (Import-CanImage $pipe).References | Should -Contain saved:2
        }

        It 'have configurations of their own' {
            Get-CanErrorId { Import-CanImage $archive -Command sh } | Should -Be ConfigurationNotApplicable
        }

        It 'must not unpack to more than is allowed' {
            $before = Get-CanTrace
            Get-CanErrorId { Import-CanImage $archive -Reference bounded -MaximumSize 1MB } | Should -Be ImageTooLarge
            Compare-CanTrace $before | Should -BeNullOrEmpty
        }

        It 'have one image where a reference is given' {
            $two = "$folder/two.tar"
            Set-Content "$folder/other.json" ((Get-Content "$folder/config.json" -Raw) -replace 'own', 'other')
            ConvertTo-Json -Depth 5 @(
                @{ Config = 'config.json'; RepoTags = @('first:1'); Layers = @('layer.tar') }, @{ Config = 'other.json'; RepoTags = @('second:1'); Layers = @('layer.tar') }
            ) | Set-Content "$folder/manifest.json"
            tar -C $folder -cf $two config.json other.json layer.tar manifest.json
            Get-CanErrorId { Import-CanImage $two -Reference one } | Should -Be ImageNotSingle
            (Import-CanImage $two).References | Should -Be first:1, second:1
        }
    }
}
