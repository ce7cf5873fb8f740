BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
    $files = Get-Scratch files
    'one' > "$files/one.txt"
    'two' > "$files/two.txt"
    $null = New-Item -ItemType Directory "$files/sub"
    'deep' > "$files/sub/deep.txt"
}
AfterAll { Clear-CanTest }

Describe 'Copy-CanItem' {
    BeforeEach {
        $container = New-CanContainer busybox -Name web -Volume /data sleep 1000
        $out = Get-Scratch "out-$([Guid]::NewGuid())"
        Push-Location $files
    }
    AfterEach {
        Pop-Location
        Get-CanContainer | Remove-CanContainer -Force
    }

    It 'copies a file into a running container and out of it' {
        Copy-CanItem ./one.txt web:/tmp/ | Should -BeNullOrEmpty
        Invoke-CanExec web cat /tmp/one.txt | Should -Be one
        Copy-CanItem web:/tmp/one.txt "$out/back.txt"
        Get-Content "$out/back.txt" | Should -Be one
    }

    It 'copies into a stopped container and out of it, volumes included' {
        Stop-CanContainer web -Force
        Copy-CanItem one.txt web:/data/
        Copy-CanItem sub web:/srv
        Copy-CanItem web:/data/one.txt $out
        Get-Content "$out/one.txt" | Should -Be one
        Start-CanContainer web
        Invoke-CanExec web cat /data/one.txt /srv/deep.txt | Should -Be one, deep
        (Compare-CanContainer web).Path | Should -Be /srv, /srv/deep.txt
    }

    It 'copies directories, and what is in them' {
        Copy-CanItem ./sub/. web:/tmp
        Copy-CanItem ./sub web:/tmp
        Invoke-CanExec web ls /tmp /tmp/sub | Should -Be '/tmp:', 'deep.txt', 'sub', '', '/tmp/sub:', 'deep.txt'
        Copy-CanItem web:/tmp $out
        Get-Content "$out/tmp/sub/deep.txt" | Should -Be deep
    }

    It 'takes several sources, wildcards and the pipeline' {
        Copy-CanItem one.txt, two.txt web:/tmp
        Copy-CanItem *.txt web:/data
        Get-ChildItem *.txt | Copy-CanItem -ToContainer web -Destination /home
        foreach ($place in '/tmp', '/data', '/home') { Invoke-CanExec web ls $place | Should -Be one.txt, two.txt }
        'web:/tmp/one.txt', 'web:/tmp/two.txt' | Copy-CanItem -Destination $out
        (Get-ChildItem $out).Name | Should -Be one.txt, two.txt
    }

    It 'takes containers as parameters, by name, Id and object' {
        Copy-CanItem one.txt /tmp/a -ToContainer $container
        Copy-CanItem one.txt /tmp/b -ToContainer $container.ShortId
        Copy-CanItem one.txt "$($container.ShortId):/tmp/c"
        Copy-CanItem /tmp/a, /tmp/b, /tmp/c $out -FromContainer web
        (Get-ChildItem $out).Name | Should -Be a, b, c
    }

    It 'emits the container with -PassThru' {
        (Copy-CanItem one.txt web:/tmp -PassThru).Id | Should -Be $container.Id
    }

    It 'gives files to root, and to their owners with -Archive' {
        chown 1000:1000 "$files/two.txt"
        Copy-CanItem two.txt web:/tmp/plain
        Copy-CanItem two.txt web:/tmp/kept -Archive
        Invoke-CanExec web -- stat -c '%u:%g' /tmp/plain /tmp/kept | Should -Be '0:0', '1000:1000'
    }

    It 'follows a link with -FollowLink only' {
        Invoke-CanExec web -- ln -s /etc/passwd /tmp/link
        Copy-CanItem web:/tmp/link "$out/link"
        Copy-CanItem web:/tmp/link "$out/file" -FollowLink
        (Get-Item "$out/link").LinkTarget | Should -Be /etc/passwd
        Get-Content "$out/file" | Should -Contain (Invoke-CanExec web -- head -n 1 /etc/passwd)
    }

    It 'replaces a directory by a file with -Force only' {
        Invoke-CanExec web mkdir /tmp/one.txt
        $failure = Get-CanError { Copy-CanItem one.txt web:/tmp }
        $failure.Id | Should -Be DestinationNotDirectory
        $failure.Category | Should -Be InvalidArgument
        Copy-CanItem one.txt web:/tmp -Force
        Invoke-CanExec web cat /tmp/one.txt | Should -Be one
    }

    It 'copies nothing with -WhatIf' {
        Copy-CanItem one.txt web:/tmp -WhatIf -PassThru 6>$null | Should -BeNullOrEmpty
        Invoke-CanExec web ls /tmp | Should -BeNullOrEmpty
    }

    It 'says what is wrong: <Id>' -ForEach @(
        @{ Id = 'CopySidesInvalid'; Do = { Copy-CanItem one.txt two.txt } }
        @{ Id = 'CopySidesInvalid'; Do = { Copy-CanItem web:/etc/passwd web:/tmp } }
        @{ Id = 'CopySidesInvalid'; Do = { Copy-CanItem one.txt, web:/etc/passwd web:/tmp } }
        @{ Id = 'ContainerNotFound'; Do = { Copy-CanItem one.txt nosuch:/tmp } }
        @{ Id = 'PathNotFound'; Do = { Copy-CanItem missing.txt web:/tmp } }
        @{ Id = 'PathNotFound'; Do = { Copy-CanItem web:/missing . } }
        @{ Id = 'SourceNotDirectory'; Do = { Copy-CanItem web:/etc/passwd/ . } }
        @{ Id = 'DestinationNotDirectory'; Do = { Copy-CanItem one.txt web:/tmp/missing/ } }
        @{ Id = 'DestinationReadOnly'; Do = { Copy-CanItem one.txt web:/sys/ } }
        @{ Id = 'FileTypeNotCopied'; Do = { Copy-CanItem web:/dev/null . } }
    ) {
        Get-CanErrorId $Do | Should -Be $Id
    }

    It 'completes names of containers' {
        [Management.Automation.CommandCompletion]::CompleteInput('Copy-CanItem one.txt we', 23, $null).CompletionMatches.CompletionText | Should -Contain 'web:/'
        [Management.Automation.CommandCompletion]::CompleteInput('Copy-CanItem -FromContainer we', 30, $null).CompletionMatches.CompletionText | Should -Contain web
    }
}
