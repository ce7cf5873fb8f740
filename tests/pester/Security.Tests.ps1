# What a container cannot do, and cannot see.
BeforeAll {
    Import-Module "$PSScriptRoot/CanTest.psm1"
    Initialize-CanTest

    $names = 'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'LINUX_IMMUTABLE',
        'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER', 'SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT',
        'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_NICE', 'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD', 'LEASE',
        'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP', 'MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ',
        'PERFMON', 'BPF', 'CHECKPOINT_RESTORE'

    # Names of the capabilities in a line of /proc/PID/status.
    function ConvertFrom-Capability([string] $Line) {
        $bits = [Convert]::ToUInt64(($Line -replace '.*\s'), 16)
        for ($i = 0; $i -lt $names.Count; $i++) { if ($bits -band ([uint64] 1 -shl $i)) { $names[$i] } }
    }
    function Read-Capability([hashtable] $With = @{}) { ConvertFrom-Capability (Read-Inside 'grep CapEff /proc/1/status' $With) }

    # A host without a capability cannot give it.
    $own = ConvertFrom-Capability (Get-Content /proc/self/status | Where-Object { $_ -like 'CapEff*' })
    $usual = 'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'NET_RAW', 'SETFCAP', 'SETGID', 'SETPCAP',
        'SETUID', 'SYS_CHROOT' | Where-Object { $_ -in $own }
}
AfterAll { Clear-CanTest }

Describe 'Capabilities' {
    It 'are the usual ones, in every set but the inheritable and the ambient' {
        $lines = Read-Inside 'grep -E "^Cap(Eff|Prm|Bnd|Inh|Amb)" /proc/1/status' | ForEach-Object { , ($_ -split ':\s*') }
        $sets = @{}
        $lines | ForEach-Object { $sets[$_[0]] = $_[1] }
        ConvertFrom-Capability $sets.CapEff | Sort-Object | Should -Be $usual
        $sets.CapPrm, $sets.CapBnd | Should -Be $sets.CapEff, $sets.CapEff
        $sets.CapInh, $sets.CapAmb | Should -Be '0000000000000000', '0000000000000000'
    }
    It 'can be added and dropped' {
        Read-Capability @{ CapDrop = 'ALL' } | Should -BeNullOrEmpty
        Read-Capability @{ CapDrop = 'ALL'; CapAdd = 'chown', 'CAP_KILL' } | Sort-Object | Should -Be CHOWN, KILL
        Read-Capability @{ CapDrop = 'MKNOD' } | Should -Not -Contain MKNOD
        Read-Capability @{ CapAdd = 'NET_ADMIN' } | Should -Contain NET_ADMIN
        Read-Capability @{ CapAdd = 'ALL' } | Sort-Object | Should -Be ($own | Sort-Object)
    }
    It 'are really lacking: <What>' -ForEach @(
        @{ What = 'no mounting'; Script = 'mount -t tmpfs none /home' }
        @{ What = 'no interfaces'; Script = 'ip link set lo down' }
        @{ What = 'no clock'; Script = 'date -s "@$(date +%s)" 2>&1 | grep -q "can.t set" && false' }
        @{ What = 'no other root by CAP_CHOWN'; Script = 'chown nobody /etc/passwd'; With = @{ CapDrop = 'CHOWN' } }
        @{ What = 'no tracing of the kernel''s log'; Script = 'dmesg'; With = @{ CapDrop = 'ALL' } }
    ) {
        Read-Inside "$Script >/dev/null 2>&1 && echo done || echo refused" ($With ?? @{}) | Should -Be refused
    }
    It 'are none for a user other than root' {
        Read-Capability @{ User = 'nobody' } | Should -BeNullOrEmpty
    }
    It 'are all that the host has with -Privileged' {
        Read-Capability @{ Privileged = $true } | Sort-Object | Should -Be ($own | Sort-Object)
        Read-Inside 'grep -E "^(NoNewPrivs|Seccomp):" /proc/1/status; mount -t tmpfs none /home && echo mounted; touch /proc/sys/kernel/x 2>/dev/null; test -w /proc/sys/kernel && ls /dev | wc -l' @{ Privileged = $true } |
            Select-Object -First 3 | Should -Be "NoNewPrivs:`t0", "Seccomp:`t0", mounted
    }
}

Describe 'Rights that cannot be gained' {
    It 'has no_new_privs and a system call filter' {
        Read-Inside 'grep -E "^(NoNewPrivs|Seccomp):" /proc/self/status' | Should -Be "NoNewPrivs:`t1", "Seccomp:`t2"
        Read-Inside 'grep -E "^(NoNewPrivs|Seccomp):" /proc/self/status' @{ SecurityOption = 'no-new-privileges=false', 'seccomp=unconfined' } |
            Should -Be "NoNewPrivs:`t0", "Seccomp:`t0"
        Read-Inside 'grep -E "^(NoNewPrivs|Seccomp):" /proc/self/status' @{ SecurityOption = 'no-new-privileges=false' } |
            Should -Be "NoNewPrivs:`t0", "Seccomp:`t2"
    }
    It 'refuses what the filter refuses, and lets pass what it should' {
        Read-Inside 'unshare -U true 2>/dev/null && echo new || echo refused' | Should -Be refused
        Read-Inside 'unshare -U true 2>/dev/null && echo new || echo refused' @{ SecurityOption = 'seccomp=unconfined' } | Should -BeIn new, refused
        Read-Inside 'mount -t tmpfs none /home && echo mounted' @{ CapAdd = 'SYS_ADMIN' } | Should -Be mounted
    }
    It 'gets nothing from a set-user-id program' {
        Read-Inside 'cp /bin/busybox /tmp/b && chmod 4755 /tmp/b && setpriv --reuid=1000 /tmp/b id -u' @{ User = 'root' } | Should -BeIn 1000, $null
    }
}

Describe 'Descriptors' {
    BeforeAll {
        # Descriptors that a shell may happen to have open must not come along.
        $held = [IO.File]::Open('/etc/passwd', 'Open', 'Read', 'ReadWrite, Inheritable')
    }
    AfterAll { $held.Dispose() }

    It 'are the three standard ones: process 1' {
        Read-Inside 'ls /proc/1/fd; true' | Should -Be 0, 1, 2
        Read-Inside 'ls /proc/1/fd; true' @{ Init = $true; SecurityOption = 'seccomp=unconfined' } | Should -Be 0, 1, 2
    }
    It 'are the three standard ones: exec' {
        $null = New-CanContainer busybox -Name tight sleep 1000
        $script = 'ls /proc/$$/fd; true'
        Invoke-CanExec tight -- sh -c $script | Should -Be 0, 1, 2
        'x' | Invoke-CanExec tight -- sh -c $script | Should -Be 0, 1, 2
        Remove-CanContainer tight -Force
    }
    It 'lead nowhere on the host' {
        $links = Read-Inside 'for f in /proc/1/fd/*; do readlink $f; done; readlink /proc/1/cwd; readlink /proc/1/root'
        $links | Where-Object { $_ -like "*$env:CAN_ROOT*" -or $_ -like '*deleted*' } | Should -BeNullOrEmpty
        $links | Select-Object -Last 2 | Should -Be /, /
    }
}

Describe 'The host''s processes and the helper' {
    It 'are not to be seen' {
        Read-Inside 'ls /proc | grep -cE "^[0-9]+$"; ls -d /proc/[0-9]* | wc -l; kill -0 2 2>/dev/null || echo none' |
            Select-Object -Last 1 | Should -Be none
        Read-Inside 'cat /proc/[0-9]*/comm' | Should -Not -Contain pwsh
        Read-Inside 'cat /proc/[0-9]*/comm' | Where-Object { $_ -like 'can-*' } | Should -BeNullOrEmpty
    }
    It 'cannot be overwritten through an exec that is joining' {
        $helper = Join-Path (Split-Path (Get-Module Can).Path) can-monitor
        $before = (Get-FileHash $helper).Hash
        # The classic: a program whose interpreter is /proc/self/exe, so that a joining runtime executes itself, to be overwritten.
        $null = New-CanContainer busybox -Name trap -- sh -c 'printf "#!/proc/self/exe\n" > /bin/evil; chmod 755 /bin/evil; while :; do for f in /proc/[0-9]*/exe; do case $(readlink $f) in *can-monitor*) (echo overwritten > $f) 2>/dev/null;; esac; done; done'
        1..5 | ForEach-Object { try { Invoke-CanExec trap evil -ErrorAction SilentlyContinue } catch { } }
        (Get-FileHash $helper).Hash | Should -Be $before
        Invoke-CanContainer busybox echo unharmed | Should -Be unharmed
        Remove-CanContainer trap -Force
    }
    It 'is not /proc/1/exe of a container with -Init, or cannot be written' {
        Read-Inside '(echo x > /proc/1/exe) 2>/dev/null && echo written || echo refused' @{ Init = $true } | Should -Be refused
    }
}

Describe 'Files of the kernel' {
    It 'cannot be written: <_>' -ForEach '/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/sys/kernel/uevent_helper', '/sys/power/state', '/proc/sys/vm/drop_caches' {
        Read-Inside "test -e $_ || { echo refused; exit; }; (echo > $_) 2>/dev/null && echo written || echo refused" | Should -Be refused
    }
    It 'are hidden: <_>' -ForEach '/proc/kcore', '/proc/keys', '/proc/timer_list', '/proc/interrupts' {
        Read-Inside "test -e $_ || exit 0; head -c 100 $_ 2>/dev/null | wc -c" | Should -BeIn 0, $null
    }
    It 'are hidden: <_>' -ForEach '/sys/firmware', '/proc/acpi', '/proc/scsi' {
        Read-Inside "test -e $_ || exit 0; ls -A $_ | wc -l" | Should -BeIn 0, $null
    }
    It 'are shown with systempaths=unconfined' {
        Read-Inside 'head -c 10 /proc/interrupts | wc -c' @{ SecurityOption = 'systempaths=unconfined' } | Should -Be 10
    }
    It 'show no mounts of the host' {
        $mounts = Read-Inside 'cut -d" " -f5 /proc/self/mountinfo'
        $mounts | Where-Object { $_ -notmatch '^/($|proc|dev|sys|etc)' } | Should -BeNullOrEmpty
        Read-Inside 'cat /proc/self/mountinfo' | Where-Object { $_ -match '\b(shared|master):' } | Should -BeNullOrEmpty
    }
}

Describe 'Devices' {
    It 'that a container makes cannot be opened' {
        $disk = (Get-ChildItem /sys/block | Where-Object { $_.Name -notmatch '^(loop|ram|nbd)' } | Select-Object -First 1) ?? (Get-ChildItem /sys/block | Select-Object -First 1)
        $numbers = $disk ? (Get-Content "$($disk.FullName)/dev").Replace(':', ' ') : '1 1'
        foreach ($place in '/', '/tmp', '/dev', '/dev/shm') {
            Read-Inside "mknod $place/disk b $numbers 2>/dev/null; head -c 1 $place/disk >/dev/null 2>&1 && echo read || echo refused" | Should -Be refused
            Read-Inside "mknod $place/mem c 1 1 2>/dev/null; head -c 1 $place/mem >/dev/null 2>&1 && echo read || echo refused" | Should -Be refused
        }
        $volume = Get-Scratch devices
        Read-Inside "mknod /v/null c 1 3; (echo x > /v/null) 2>/dev/null && echo written || echo refused" @{ Volume = "${volume}:/v" } | Should -Be refused
    }
    It 'are the host''s own nodes, whose mode and owner stay the host''s' {
        # They are set to what they are, so that a container that can do it does this host no harm.
        Read-Inside 'for node in /dev/null /dev/tty /proc/keys /proc/self/fd/0; do chmod 666 $node 2>/dev/null && echo $node; chown 0:0 $node 2>/dev/null && echo $node; done; echo end' |
            Should -Be end
    }
    It 'that everything needs work' {
        Read-Inside 'echo x > /dev/null && head -c 3 /dev/zero | wc -c && head -c 3 /dev/urandom | wc -c; (echo x > /dev/full) 2>/dev/null || echo full; ls /dev/fd/ | head -n 1; echo to stdout > /dev/stdout' |
            Should -Be 3, 3, full, 0, 'to stdout'
    }
}

Describe 'Separate worlds' {
    It 'has namespaces of its own, all but the host''s user and time' {
        $inside = Read-Inside 'for n in cgroup ipc mnt net pid uts user; do readlink /proc/self/ns/$n; done'
        $outside = 'cgroup', 'ipc', 'mnt', 'net', 'pid', 'uts' | ForEach-Object { (Get-Item "/proc/self/ns/$_").LinkTarget }
        $inside | Select-Object -First 6 | Where-Object { $_ -in $outside } | Should -BeNullOrEmpty
    }
    It 'has a session keyring of its own' -Skip:(-not (Test-Path /proc/keys)) {
        $keys = @{ SecurityOption = 'systempaths=unconfined' }
        $container = New-CanContainer busybox @keys -Command cat, /proc/keys | Wait-CanContainer
        (Get-CanLog $container.Name).Message -match "keyring\s+can-$($container.Id)" | Should -HaveCount 1
        Remove-CanContainer $container.Name
    }
    It 'cannot leave its root by the helper''s working directory' {
        Read-Inside 'cd /proc/1/cwd && ls ../../../..' | Should -Be (Read-Inside 'ls /')
        Read-Inside 'ls -a / | grep -c oldroot' | Should -Be 0
    }
    It 'sees of the cgroups only its own' {
        Read-Inside 'cut -d: -f3 /proc/self/cgroup | sort -u' | Where-Object { $_ -match 'can-' } | Should -BeNullOrEmpty
    }
}
