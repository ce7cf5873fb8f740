# What goes wrong gives one clear, typed error and leaves nothing behind.
BeforeAll {
    Import-Module "$PSScriptRoot/CanTest.psm1"
    Initialize-CanTest

    # An error as it should be: its id is the engine's, and the message names what is wrong.
    function Assert-CanError([scriptblock] $Action, [string] $Id, [string] $Category, [string] $Names) {
        $before = Get-CanTrace
        $failure = Get-CanError $Action
        $failure.Id | Should -Be $Id -Because $failure.Message
        $failure.Message | Should -BeLike "*$([WildcardPattern]::Escape($Names))*"
        if ($Category) { $failure.Category | Should -Be $Category }
        Compare-CanTrace $before | Should -BeNullOrEmpty -Because 'a failure leaves nothing'
    }
}
AfterAll { Clear-CanTest }

Describe 'A container that cannot be made' {
    It 'because of <What>' -ForEach @(
        @{ What = 'an unknown image'; Id = 'ImageNotFound'; Category = 'ObjectNotFound'; Names = 'nosuchimage'
            Do = { New-CanContainer nosuchimage -Pull Never true } }
        @{ What = 'a name that begins with a dash'; Id = 'ContainerNameInvalid'; Category = 'InvalidArgument'; Names = '-x'
            Do = { New-CanContainer busybox -Name '-x' true } }
        @{ What = 'a name of one letter'; Id = 'ContainerNameInvalid'; Category = 'InvalidArgument'; Names = 'a'
            Do = { New-CanContainer busybox -Name a true } }
        @{ What = 'a name with a slash'; Id = 'ContainerNameInvalid'; Category = 'InvalidArgument'; Names = '../x'
            Do = { New-CanContainer busybox -Name '../x' true } }
        @{ What = 'a name with a space'; Id = 'ContainerNameInvalid'; Category = 'InvalidArgument'; Names = 'a b'
            Do = { New-CanContainer busybox -Name 'a b' true } }
        @{ What = 'a command that the image lacks'; Id = 'CommandNotFound'; Category = 'ObjectNotFound'; Names = 'nosuchprogram'
            Do = { New-CanContainer busybox nosuchprogram } }
        @{ What = 'a command by a path that the image lacks'; Id = 'CommandNotFound'; Category = 'ObjectNotFound'; Names = '/bin/nosuchprogram'
            Do = { New-CanContainer busybox /bin/nosuchprogram } }
        @{ What = 'a missing volume source'; Id = 'VolumeSourceNotFound'; Names = '/nosuchdirectory/x'
            Do = { New-CanContainer busybox -Volume /nosuchdirectory/x:/x true } }
        @{ What = 'a relative volume source'; Id = 'VolumeSourceRelative'; Names = './here'
            Do = { New-CanContainer busybox -Volume ./here:/x true } }
        @{ What = 'a relative mount target'; Id = 'MountTargetInvalid'; Names = 'there'
            Do = { New-CanContainer busybox -Volume /tmp:there true } }
        @{ What = 'a mount on the root itself'; Id = 'MountTargetInvalid'; Names = '/'
            Do = { New-CanContainer busybox -Volume /tmp:/ true } }
        @{ What = 'too little memory'; Id = 'LimitTooSmall'; Category = 'InvalidArgument'; Names = 'memory'
            Do = { New-CanContainer busybox -Memory 1MB true } }
        @{ What = 'too little processor time'; Id = 'LimitTooSmall'; Category = 'InvalidArgument'; Names = '0.001'
            Do = { New-CanContainer busybox -Cpus 0.001 true } }
        @{ What = 'too few shares'; Id = 'LimitTooSmall'; Category = 'InvalidArgument'; Names = '1'
            Do = { New-CanContainer busybox -CpuShares 1 true } }
        @{ What = 'too many shares'; Id = 'LimitTooLarge'; Category = 'InvalidArgument'; Names = '262145'
            Do = { New-CanContainer busybox -CpuShares 262145 true } }
        @{ What = 'no process at all'; Id = 'LimitTooSmall'; Category = 'InvalidArgument'; Names = '0'
            Do = { New-CanContainer busybox -PidsLimit 0 true } }
        @{ What = 'more processors than there are'; Id = 'LimitTooLarge'; Category = 'InvalidArgument'; Names = '9999'
            Do = { New-CanContainer busybox -Cpus 9999 true } }
        @{ What = 'a processor that the host lacks'; Id = 'CpuSetUnavailable'; Names = '9999'
            Do = { New-CanContainer busybox -CpuSet 9999 true } }
        @{ What = 'a user whom the image lacks'; Id = 'UserNotFound'; Category = 'ObjectNotFound'; Names = 'nosuchuser'
            Do = { New-CanContainer busybox -User nosuchuser true } }
        @{ What = 'a group that the image lacks'; Id = 'GroupNotFound'; Category = 'ObjectNotFound'; Names = 'nosuchgroup'
            Do = { New-CanContainer busybox -User root:nosuchgroup true } }
        @{ What = 'an unknown capability'; Id = 'CapabilityUnknown'; Category = 'InvalidArgument'; Names = 'FLY'
            Do = { New-CanContainer busybox -CapAdd FLY true } }
        @{ What = 'an unknown security option'; Id = 'SecurityOptionInvalid'; Category = 'InvalidArgument'; Names = 'seccomp=maybe'
            Do = { New-CanContainer busybox -SecurityOption seccomp=maybe true } }
        @{ What = 'an unknown network'; Id = 'NetworkNotFound'; Category = 'ObjectNotFound'; Names = 'nosuchnetwork'
            Do = { New-CanContainer busybox -Network nosuchnetwork true } }
        @{ What = 'an unknown signal'; Id = 'SignalInvalid'; Category = 'InvalidArgument'; Names = 'SIGNOT'
            Do = { New-CanContainer busybox -StopSignal SIGNOT true } }
        @{ What = 'an environment file that is not there'; Id = 'EnvironmentFileNotFound'; Names = '/nosuchfile.env'
            Do = { New-CanContainer busybox -EnvironmentFile /nosuchfile.env true } }
        @{ What = 'a device that is not there'; Id = 'DeviceNotFound'; Names = '/dev/nosuchdevice'
            Do = { New-CanContainer busybox -Device /dev/nosuchdevice true } }
        @{ What = 'a working directory that is a file'; Id = 'WorkingDirectoryInvalid'; Names = '/etc/passwd'
            Do = { New-CanContainer busybox -WorkingDirectory /etc/passwd true } }
    ) { Assert-CanError $Do $Id $Category $Names }

    It 'and is not run in the foreground either' {
        Assert-CanError { Invoke-CanContainer busybox nosuchprogram } CommandNotFound ObjectNotFound nosuchprogram
        Assert-CanError { Invoke-CanContainer nosuchimage -Pull Never true } ImageNotFound ObjectNotFound nosuchimage
    }

    It 'because its name is taken' {
        $first = New-CanContainer busybox -Name taken sleep 1000
        Assert-CanError { New-CanContainer busybox -Name taken true } ContainerNameTaken ResourceExists taken
        (Get-CanContainer taken).Id | Should -Be $first.Id
        Get-CanContainer taken -State Running | Should -HaveCount 1
        Remove-CanContainer taken -Force
    }

    It 'writes its errors for each image and goes on with the next' {
        $images = Get-CanImage busybox
        $made = @($images, $images) | New-CanContainer -Name only -Command true -ErrorAction SilentlyContinue -ErrorVariable failures
        $made | Should -HaveCount 1
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'ContainerNameTaken,*'
        $made | Wait-CanContainer | Remove-CanContainer
    }
}

Describe 'A mount target that is a symbolic link out of the root' {
    BeforeAll {
        $outside = Get-Scratch outside
        $root = Get-Scratch linked
        cp -a "$(Get-BusyboxRoot)/." $root
        foreach ($link in @{ absolute = $outside; relative = '../../../../../../../../../..' + $outside }.GetEnumerator()) {
            $null = New-Item -ItemType SymbolicLink -Path "$root/$($link.Name)" -Target $link.Value
        }
        $null = Import-CanImage $root -Reference linked
        $source = Get-Scratch source
        Set-Content $source/file inside
    }

    It 'leads to a place inside: <_>' -ForEach 'absolute', 'relative' {
        Invoke-CanContainer linked -Volume "${source}:/$_/deep" -Command cat, "/$_/deep/file" | Should -Be inside
        Get-ChildItem $outside | Should -BeNullOrEmpty
    }

    It 'leads to a place inside for the working directory and for tmpfs too' {
        Invoke-CanContainer linked -WorkingDirectory /absolute/work -TmpFs /relative/tmp pwd | Should -Be "$outside/work"
        Get-ChildItem $outside | Should -BeNullOrEmpty
    }
}

Describe 'A container in the wrong state' {
    BeforeAll {
        $null = New-CanContainer busybox -Name running sleep 1000
        $null = New-CanContainer busybox -Name ended true | Wait-CanContainer
        $null = New-CanContainer busybox -Name created -NoStart true
    }
    AfterAll { Get-CanContainer | Remove-CanContainer -Force }

    It 'refuses: <What>' -ForEach @(
        @{ What = 'exec into a stopped one'; Id = 'ContainerNotRunning'; Names = 'ended'; Do = { Invoke-CanExec ended true } }
        @{ What = 'exec into one never started'; Id = 'ContainerNotRunning'; Names = 'created'; Do = { Invoke-CanExec created true } }
        @{ What = 'exec of nothing that is there'; Id = 'CommandNotFound'; Names = 'nosuchprogram'; Do = { Invoke-CanExec running nosuchprogram } }
        @{ What = 'exec as nobody known'; Id = 'UserNotFound'; Names = 'nosuchuser'; Do = { Invoke-CanExec running -User nosuchuser true } }
        @{ What = 'removing a running one'; Id = 'ContainerRunning'; Names = 'running'; Do = { Remove-CanContainer running } }
        @{ What = 'a signal to a stopped one'; Id = 'ContainerNotRunning'; Names = 'ended'; Do = { Send-CanSignal ended HUP } }
        @{ What = 'an unknown signal'; Id = 'SignalInvalid'; Names = 'SIGNOT'; Do = { Send-CanSignal running SIGNOT } }
        @{ What = 'suspending a stopped one'; Id = 'ContainerNotRunning'; Names = 'ended'; Do = { Suspend-CanContainer ended } }
        @{ What = 'resuming a stopped one'; Id = 'ContainerNotRunning'; Names = 'ended'; Do = { Resume-CanContainer ended } }
        @{ What = 'measuring a stopped one'; Id = 'ContainerNotRunning'; Names = 'ended'; Do = { Measure-CanContainer ended } }
        @{ What = 'a name that does not exist'; Id = 'ContainerNotFound'; Names = 'nosuch'; Do = { Stop-CanContainer nosuch } }
    ) {
        Assert-CanError $Do $Id '' $Names
        Get-CanContainer running | ForEach-Object State | Should -Be Running
    }

    It 'has nothing against stopping a stopped one' {
        Stop-CanContainer ended, created
        (Get-CanContainer ended).State | Should -Be Exited
        (Get-CanContainer created).State | Should -Be Created
    }
}

Describe 'A caller who is not root' {
    BeforeAll {
        $module = (Get-Module Can).Path
        function Invoke-AsNobody([string] $Command) {
            $folder = Get-Scratch nobody
            chown 65534:65534 $folder
            $script = "`$ErrorActionPreference = 'Stop'; try { Import-Module '$module'; $Command } catch { `$_.FullyQualifiedErrorId + '|' + `$_.Exception.Message }"
            env HOME=$folder TMPDIR=$folder setpriv --reuid=65534 --regid=65534 --clear-groups -- (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command $script
        }
        # Only their owner may enter the directories that hold the tests' root.
        chmod 755 (Split-Path $env:CAN_ROOT)
    }

    It 'is told so by <_>' -ForEach 'New-CanContainer busybox true', 'Import-CanImage /etc -Reference etc', 'New-CanVolume data' {
        $before = Get-CanTrace
        $answer = Invoke-AsNobody $_
        $answer | Should -BeLike 'NotRoot,*'
        $answer | Should -BeLike '*root*'
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }
}

Describe 'An import that fails' {
    It 'on a corrupt tar: <What>' -ForEach @(
        @{ What = 'text'; Id = 'ImageFormatUnknown'; Make = { param($path) Set-Content $path ('not a tar ' * 200) } }
        @{ What = 'one cut off in the middle of a file'; Make = { param($path)
                tar -C (Get-BusyboxRoot) -cf $path .
                $stream = [IO.File]::OpenWrite($path); $stream.SetLength(600000); $stream.Dispose() } }
        @{ What = 'a header with a wrong checksum'; Make = { param($path)
                tar -C (Get-BusyboxRoot) -cf $path ./etc
                $stream = [IO.File]::OpenWrite($path); $stream.Position = 514; $stream.WriteByte(255); $stream.Dispose() } }
        @{ What = 'gzip cut off'; Make = { param($path)
                tar -C (Get-BusyboxRoot) -czf $path .
                $stream = [IO.File]::OpenWrite($path); $stream.SetLength(300000); $stream.Dispose() } }
        @{ What = 'an empty file'; Id = 'ImageFormatUnknown'; Make = { param($path) $null = New-Item $path } }
    ) {
        $path = "$(Get-Scratch corrupt)/$([guid]::NewGuid()).tar"
        $null = & $Make $path
        Assert-CanError { Import-CanImage $path -Reference corrupt } ($Id ?? 'ImageCorrupt') InvalidData $path
        Get-CanImage corrupt* | Should -BeNullOrEmpty
    }

    It 'on a path that is not there' {
        Assert-CanError { Import-CanImage /nosuch.tar -Reference x } PathNotFound ObjectNotFound /nosuch.tar
    }

    It 'on a full disk' {
        $disk = Get-Scratch disk
        mount -t tmpfs -o size=1M none $disk
        $rootBefore = $env:CAN_ROOT
        try {
            $env:CAN_ROOT = "$disk/root"
            Assert-CanError { Import-CanImage (Get-BusyboxRoot) -Reference busybox } DiskFull ResourceUnavailable 'No space left'
            Get-CanImage | Should -BeNullOrEmpty
            Get-ChildItem $disk -Recurse -File -Force | Measure-Object Length -Sum | ForEach-Object Sum | Should -BeLessThan 65536
        }
        finally {
            $env:CAN_ROOT = $rootBefore
            umount $disk
        }
    }

    It 'never lets an archive write outside its root: <What>' -ForEach @(
        @{ What = 'by ..'; Arguments = '--transform=s,^,../../../../../../../../escaped/,', 'passwd' }
        @{ What = 'by an absolute path'; Arguments = '--absolute-names', '--transform=s,^,/escaped/,', 'passwd' }
    ) {
        $path = "$(Get-Scratch escape)/$([guid]::NewGuid()).tar"
        tar -C /etc -cPf $path @Arguments
        try { $null = Import-CanImage $path -Reference escape } catch { $_.FullyQualifiedErrorId | Should -BeLike 'ImageUnsafePath,*' }
        Test-Path /escaped | Should -BeFalse
        Test-Path "$env:CAN_ROOT/escaped" | Should -BeFalse
        Test-Path "$env:CAN_ROOT/lib/escaped" | Should -BeFalse
        Get-CanImage escape* | Remove-CanImage
    }
}

Describe 'A store whose files are damaged' {
    It 'says which definition is truncated, and leaves the other containers usable' {
        $broken = New-CanContainer busybox -Name broken -NoStart true
        $null = New-CanContainer busybox -Name sound sleep 1000
        $file = "$env:CAN_ROOT/lib/containers/$($broken.Id)/container.json"
        $text = Get-Content $file -Raw
        try {
            [IO.File]::WriteAllText($file, $text.Substring(0, $text.Length / 2))

            $failure = Get-CanError { Start-CanContainer broken }
            $failure.Id | Should -Be StoreCorrupt
            $failure.Category | Should -Be InvalidData
            $failure.Message | Should -BeLike "*$file*"
            Invoke-CanExec sound echo alive | Should -Be alive

            $listed = Get-CanContainer -ErrorAction SilentlyContinue -ErrorVariable failures
            $listed.Name | Should -Contain sound
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'StoreCorrupt,*'
        }
        finally {
            [IO.File]::WriteAllText($file, $text)
            Get-CanContainer | Remove-CanContainer -Force
        }
    }

    It 'says which image is truncated' {
        $image = Import-CanImage (Get-BusyboxRoot) -Reference damaged -Environment @{ ONLY = 'here' }
        $file = "$env:CAN_ROOT/lib/images/blobs/sha256/$($image.Id)"
        $text = Get-Content $file -Raw
        try {
            [IO.File]::WriteAllText($file, '{ "Id": ')
            # In another shell, as this one has read the image already.
            $failure = pwsh -NoProfile -NonInteractive -Command "Import-Module '$PSScriptRoot/../../output/Can/Can.psd1'; try { New-CanContainer damaged true -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId; `$_.Exception.Message }"
            $failure[0] | Should -BeLike 'StoreCorrupt,*'
            $failure[1] | Should -BeLike "*$file*"
            Invoke-CanContainer busybox echo alive | Should -Be alive
        }
        finally {
            [IO.File]::WriteAllText($file, $text)
            Remove-CanImage damaged
        }
    }
}
