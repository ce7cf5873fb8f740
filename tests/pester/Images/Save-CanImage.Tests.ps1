BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest

    # What the history of an image says about its last layer.
    function Get-LastStep($Image) {
        $blob = Get-Content "$env:CAN_ROOT/lib/images/blobs/sha256/$($Image.Id)" -Raw
        ($blob | ConvertFrom-Json).history[-1]
    }
}
AfterAll { Clear-CanTest }

Describe 'Save-CanImage' {
    AfterEach {
        Get-CanContainer | Remove-CanContainer -Force
        Get-CanImage | Where-Object { $_.References -notcontains 'busybox:latest' } | Remove-CanImage -Force
    }

    It 'makes an image of a container that has ended' {
        $null = New-CanContainer busybox -Name build -- sh -c 'echo hello > /greeting; rm /etc/group' | Wait-CanContainer -Timeout 120
        $image = Save-CanImage build site:1.1
        $image | Should -BeOfType Can.Engine.Images.Image
        $image.References | Should -Be site:1.1
        Invoke-CanContainer site:1.1 -- sh -c 'cat /greeting; ls /etc/group 2>&1' | Should -Be 'hello', 'ls: /etc/group: No such file or directory'
    }

    It 'makes one of a running container, which runs on' {
        $null = New-CanContainer busybox -Name live -- sh -c 'echo hello > /greeting; sleep 1000'
        Wait-Until { (Compare-CanContainer live).Path -contains '/greeting' } -Because 'it has written'
        Save-CanImage live -Reference live | Out-Null
        (Get-CanContainer live).State | Should -Be Running
        Invoke-CanContainer live cat /greeting | Should -Be hello
        Save-CanImage live -Reference live -NoSuspend | Should -Not -BeNullOrEmpty
        (Get-CanContainer live).State | Should -Be Running
    }

    It 'leaves a suspended one suspended' {
        $null = New-CanContainer busybox -Name frozen sleep 1000
        Suspend-CanContainer frozen
        Save-CanImage frozen | Should -Not -BeNullOrEmpty
        (Get-CanContainer frozen).State | Should -Be Suspended
    }

    It 'changes the configuration as asked' {
        $null = New-CanContainer busybox -Name plain -NoStart true
        $image = Save-CanImage plain tool -Author 'A. Smith' -Message 'Add the tool' -Entrypoint /bin/echo -Command hello, world `
            -Environment @{ MODE = 'fast' } -Label team=a -User 5:6 -WorkingDirectory /tmp -ExposedPort 80, 53/udp -Volume /data -StopSignal INT
        $image.Author | Should -Be 'A. Smith'
        $configuration = $image.Configuration
        $configuration.Entrypoint | Should -Be /bin/echo
        $configuration.Command | Should -Be hello, world
        $configuration.Environment | Should -Contain MODE=fast
        $image.Labels.team | Should -Be a
        $configuration.User | Should -Be 5:6
        $configuration.WorkingDirectory | Should -Be /tmp
        $configuration.ExposedPorts | Sort-Object | Should -Be 53/udp, 80/tcp
        $configuration.Volumes | Should -Be /data
        $configuration.StopSignal | Should -Be INT
        $step = Get-LastStep $image
        $step.comment | Should -Be 'Add the tool'
        $step.author | Should -Be 'A. Smith'
        Invoke-CanContainer tool | Should -Be 'hello world'
    }

    It 'changes the configuration by lines of a Dockerfile' {
        $null = New-CanContainer busybox -Name plain -NoStart true
        $image = Save-CanImage plain tool -Environment @{ A = '1'; B = '2' } -Change 'CMD ["echo", "hello"]', 'ENV B="x y"', 'EXPOSE 80'
        $image.Configuration.Command | Should -Be echo, hello
        $image.Configuration.Environment | Should -Contain A=1
        $image.Configuration.Environment | Should -Contain 'B=x y'
        $image.Configuration.ExposedPorts | Should -Be 80/tcp
        Get-CanErrorId { Save-CanImage plain -Change 'RUN make' } | Should -Be ChangeInvalid
    }

    It 'takes containers from the pipeline, by name, object and Id' {
        $one = New-CanContainer busybox -Name one -NoStart true
        $null = New-CanContainer busybox -Name two -NoStart true
        $images = @('one' | Save-CanImage; $one | Save-CanImage; ConvertTo-Remote $one | Save-CanImage; Save-CanImage -Id $one.ShortId; Save-CanImage t?o)
        $images | ForEach-Object { (Get-LastStep $_).created_by } |
            Should -Be 'Save-CanImage one', 'Save-CanImage one', 'Save-CanImage one', 'Save-CanImage one', 'Save-CanImage two'
    }

    It 'says what is wrong' {
        $null = New-CanContainer busybox -Name plain -NoStart true
        Get-CanErrorId { Save-CanImage nosuch } | Should -Be ContainerNotFound
        Get-CanErrorId { Save-CanImage plain 'A B' } | Should -Be ReferenceInvalid
        Get-CanErrorId { Save-CanImage plain -WorkingDirectory tmp } | Should -Be PathNotAbsolute
        Get-CanErrorId { Save-CanImage plain -ExposedPort 0 } | Should -Be PortInvalid
        Get-CanErrorId { Save-CanImage plain -StopSignal NONSENSE } | Should -Be SignalInvalid
        Get-CanImage | Should -HaveCount 1
    }

    It 'says which file no layer can hold' {
        $null = New-CanContainer busybox -Name odd -- touch /tmp/.wh.file | Wait-CanContainer -Timeout 120
        $failure = Get-CanError { Save-CanImage odd }
        $failure.Id | Should -Be FileNameReserved
        $failure.Target | Should -Be /tmp/.wh.file
    }

    It 'leaves nothing when the disk is full' {
        $saved = $env:CAN_ROOT
        $disk = Get-Scratch small
        mount -t tmpfs -o size=50m tmpfs $disk
        $env:CAN_ROOT = "$disk/root"
        try {
            $null = Import-CanImage (Get-BusyboxRoot) -Reference busybox
            $null = New-CanContainer busybox -Name big -- sh -c 'head -c 30000000 /dev/urandom > /big' | Wait-CanContainer -Timeout 120
            $before = Get-CanTrace
            Get-CanErrorId { Save-CanImage big full } | Should -Be DiskFull
            Compare-CanTrace $before | Should -BeNullOrEmpty
            Get-CanImage | Should -HaveCount 1
            Remove-CanContainer big
        }
        finally {
            bash "$PSScriptRoot/../../remove-root.sh" $env:CAN_ROOT
            umount -l $disk
            $env:CAN_ROOT = $saved
        }
    }

    It 'leaves nothing and lets the container run on when it is stopped' {
        $null = New-CanContainer busybox -Name busy -- sh -c 'for i in 1 2 3 4 5 6 7 8; do head -c 50000000 /dev/zero > /$i; done; echo ready; sleep 1000'
        Wait-Until { Get-CanLog busy } -Because 'it has written'
        $before = Get-CanTrace
        $shell = [PowerShell]::Create()
        $null = $shell.AddScript("Import-Module '$((Get-Module Can).Path)'; Save-CanImage busy stopped")
        $run = $shell.BeginInvoke()
        Wait-Until { Get-ChildItem "$env:CAN_ROOT/lib/staging" -ErrorAction Ignore } -Because 'it has begun'
        $shell.Stop()
        Wait-Until { $run.IsCompleted } -Because 'it has stopped'
        $shell.Dispose()
        (Get-CanContainer busy).State | Should -Be Running
        Get-ChildItem "$env:CAN_ROOT/lib/staging" -Force | Should -BeNullOrEmpty
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }

    It 'makes nothing with -WhatIf' {
        $null = New-CanContainer busybox -Name what -NoStart true
        Save-CanImage what some -WhatIf 6>$null | Should -BeNullOrEmpty
        Get-CanImage | Should -HaveCount 1
    }
}
