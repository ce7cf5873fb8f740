BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'New-CanContainer with a size of /dev/shm and kernel settings' {
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'gives the container its own' {
        $null = New-CanContainer busybox -Name own -Network none -ShmSize 1MB -Sysctl @{ 'net.core.somaxconn' = '77'; 'kernel.shmmni' = '99' } -- sh -c 'df -k /dev/shm | tail -1 | awk "{print \$2}"; cat /proc/sys/net/core/somaxconn /proc/sys/kernel/shmmni' |
            Wait-CanContainer -Timeout 120
        (Get-CanLog own).Message | Should -Be 1024, 77, 99
    }
    It 'refuses what is the host''s' {
        Get-CanErrorId { New-CanContainer busybox -Network none -Sysctl kernel.panic=1 true } | Should -Be SysctlInvalid
        Get-CanErrorId { New-CanContainer busybox -Network host -Sysctl net.core.somaxconn=1 true } | Should -Be NetworkOptionConflict
    }
}

Describe 'Mounts of New-CanContainer' {
    BeforeEach {
        $source = Get-Scratch "source-$([guid]::NewGuid())"
        Set-Content $source/file content
    }
    AfterEach {
        Get-CanContainer | Remove-CanContainer -Force
        Get-CanVolume | Remove-CanVolume
    }

    Context 'bind mounts' {
        It 'show a directory of the host, writable' {
            Read-Inside 'cat /x/file; echo new > /x/new' @{ Volume = "${source}:/x" } | Should -Be content
            Get-Content $source/new | Should -Be new
        }
        It 'show a single file' {
            Read-Inside 'cat /etc/deep/file' @{ Volume = "$source/file:/etc/deep/file" } | Should -Be content
        }
        It 'may be read-only' {
            Read-Inside 'cat /x/file; touch /x/new 2>/dev/null || echo refused' @{ Volume = "${source}:/x:ro" } | Should -Be content, refused
            Test-Path $source/new | Should -BeFalse
        }
        It 'may be read-only with all that is mounted below' {
            $null = New-Item -ItemType Directory $source/below
            mount -t tmpfs none $source/below
            try {
                Read-Inside 'touch /x/below/new 2>/dev/null || echo refused; grep -c " /x/below " /proc/self/mountinfo' @{ Volume = "${source}:/x:ro" } |
                    Should -Be refused, 1
                Read-Inside 'touch /x/below/new && echo written' @{ Volume = "${source}:/x" } | Should -Be written
                Get-ChildItem $source/below | ForEach-Object Name | Should -Be new
            }
            finally {
                umount $source/below
            }
        }
        It 'take the long form and hashtables' {
            Read-Inside 'cat /x/file; touch /x/new 2>/dev/null || echo refused' @{ Mount = "type=bind,source=$source,target=/x,readonly" } | Should -Be content, refused
            Read-Inside 'cat /x/file' @{ Mount = @{ Type = 'bind'; Source = $source; Target = '/x' } } | Should -Be content
            Read-Inside 'cat /x/file' @{ Volume = @{ Source = $source; Target = '/x' } } | Should -Be content
        }
        It 'may lie in each other, whatever their order' {
            $inner = Get-Scratch inner
            Set-Content $inner/file inner
            Read-Inside 'cat /x/file /x/y/file' @{ Volume = "${inner}:/x/y", "${source}:/x" } | Should -Be content, inner
        }
        It 'leave the mounts of the host alone, and what the host mounts later stays outside' {
            $null = New-CanContainer busybox -Name private -Volume "${source}:/x" sleep 1000
            $null = New-Item -ItemType Directory $source/later
            mount -t tmpfs none $source/later
            try {
                Invoke-CanExec private -- sh -c 'grep -c " /x/later " /proc/self/mountinfo' | Should -Be 0
            }
            finally {
                umount $source/later
            }
        }
        It 'see what the host mounts later where that was asked for' {
            $null = New-CanContainer busybox -Name slave -Mount "type=bind,source=$source,target=/x,bind-propagation=rslave" sleep 1000
            $shared = (findmnt -no PROPAGATION -T $source) -match 'shared'
            if (-not $shared) { Set-ItResult -Skipped -Because 'the host''s mounts are not shared here'; return }
            $null = New-Item -ItemType Directory $source/later
            mount -t tmpfs none $source/later
            try { Invoke-CanExec slave -- sh -c 'grep -c " /x/later " /proc/self/mountinfo' | Should -Be 1 } finally { umount $source/later }
        }
    }

    Context 'volumes' {
        It 'are made when they are first used, and shared' {
            Read-Inside 'echo one > /data/file' @{ Volume = 'shared:/data' }
            Read-Inside 'cat /other/file' @{ Volume = 'shared:/other' } | Should -Be one
            (Get-CanVolume).Name | Should -Be shared
            Get-Content "$((Get-CanVolume shared).Path)/file" | Should -Be one
        }
        It 'begin with what the image has there' {
            Read-Inside 'cat /etc/passwd | head -n 1; stat -c %a /tmp' @{ Volume = 'config:/etc', 'temporary:/tmp' } | Should -Be 'root:x:0:0:root:/root:/bin/sh', 1777
            Read-Inside 'rm /etc/passwd' @{ Volume = 'config:/etc' }
            Read-Inside 'test -e /etc/passwd || echo gone' @{ Volume = 'config:/etc' } | Should -Be gone
            Read-Inside 'ls /etc' @{ Volume = 'empty:/etc:nocopy' } | Where-Object { $_ -notin 'hosts', 'hostname', 'resolv.conf' } | Should -BeNullOrEmpty
        }
        It 'without a name go with their container' {
            $container = New-CanContainer busybox -Volume /data -Command sh, -c, 'echo x > /data/file' | Wait-CanContainer
            Get-CanVolume | Should -HaveCount 1
            $container | Remove-CanContainer
            Get-CanVolume | Should -BeNullOrEmpty
        }
        It 'may be read-only' {
            $null = New-CanVolume data
            Read-Inside 'touch /data/x 2>/dev/null || echo refused' @{ Volume = 'data:/data:ro' } | Should -Be refused
        }
    }

    Context 'tmpfs' {
        It 'is empty, in memory, and of the size and mode asked for' {
            $lines = Read-Inside 'grep " /scratch " /proc/self/mountinfo; stat -c %a /scratch; df -k /scratch | tail -n 1' @{ TmpFs = '/scratch:size=4m,mode=700' }
            $lines[0] | Should -Match ' - tmpfs '
            $lines[0] | Should -Match 'nosuid,nodev,noexec'
            $lines[1] | Should -Be 700
            $lines[2] | Should -Match '\b4096\b'
            Read-Inside 'stat -c %a /scratch' @{ TmpFs = '/scratch' } | Should -Be 1777
        }
    }

    Context 'the root' {
        It 'may be read-only, mounts stay writable' {
            Read-Inside 'touch /x 2>/dev/null || echo refused; touch /etc/x 2>/dev/null || echo refused; touch /data/x /run/x /dev/shm/x && echo written' @{
                ReadOnly = $true; Volume = "${source}:/data"; TmpFs = '/run'
            } | Should -Be refused, refused, written
        }
        It 'is the container''s own: the image stays as it was' {
            Read-Inside 'rm -r /etc/passwd; echo x > /bin/new; mv /home /house; ls -d /house' | Should -Be /house
            Read-Inside 'ls -d /etc/passwd /home; ls /bin/new 2>/dev/null' | Should -Be /etc/passwd, /home
        }
        It 'leaves no mount on the host' {
            $container = New-CanContainer busybox -Volume "${source}:/x" sleep 1000
            Get-Content /proc/self/mountinfo | Where-Object { $_.Contains($env:CAN_ROOT) } | Should -BeNullOrEmpty
            Get-Content "/proc/$($container.MonitorProcessId)/mountinfo" | Where-Object { $_.Contains("$env:CAN_ROOT/run/root") } | Should -BeNullOrEmpty
        }
    }

    Context 'devices' {
        It 'are given where asked for' {
            Read-Inside 'ls /dev' | Should -Not -Contain kmsg
            Read-Inside 'test -c /dev/kmsg && echo there' @{ Device = '/dev/kmsg' } | Should -Be there
            Read-Inside 'test -c /dev/other && echo there; head -c 4 /dev/other | wc -c' @{ Device = '/dev/zero:/dev/other' } | Should -Be there, 4
        }
        It 'are otherwise the usual few' {
            Read-Inside 'ls /dev' | Should -Be fd, full, mqueue, null, ptmx, pts, random, shm, stderr, stdin, stdout, tty, urandom, zero
        }
    }
}
