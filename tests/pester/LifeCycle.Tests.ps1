# A container's life in one sweep, for every layout of cgroups; what each cmdlet does in detail is tested under Containers.
BeforeAll {
    Import-Module "$PSScriptRoot/CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'The life of a container' -Tag Cgroup2 {
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'is made, looked into, stopped, started again and removed' {
        $before = Get-CanTrace
        $container = New-CanContainer busybox -Name life -Init sleep 1000
        $container.State | Should -Be Running
        Invoke-CanExec life -- sh -c 'echo kept > /kept; cat /kept' | Should -Be kept
        (Get-CanProcess life).CommandLine | Should -Contain 'sleep 1000'
        (Measure-CanContainer life).MemoryBytes | Should -Not -BeNullOrEmpty

        (Stop-CanContainer life -PassThru).State | Should -Be Exited
        Get-CanProcessId | Should -BeNullOrEmpty
        (Start-CanContainer life -PassThru).State | Should -Be Running
        Invoke-CanExec life cat /kept | Should -Be kept

        Remove-CanContainer life -Force
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }

    It 'can be held and let go' {
        $null = New-CanContainer busybox -Name held -- sh -c 'while :; do echo tick; sleep 0.05; done'
        Wait-Until { Get-CanLog held } -Because 'it ticks'
        (Suspend-CanContainer held -PassThru).State | Should -Be Suspended
        $ticks = (Get-CanLog held).Count
        Start-Sleep -Milliseconds 500
        (Get-CanLog held).Count | Should -Be $ticks
        (Resume-CanContainer held -PassThru).State | Should -Be Running
        Wait-Until { (Get-CanLog held).Count -gt $ticks } -Because 'it ticks again'
    }

    It 'ends with all its processes, those that hide in sessions of their own too' {
        $null = New-CanContainer busybox -Name family -Memory 64MB -Cpus 0.5 -PidsLimit 20 -- sh -c 'setsid sleep 1000 & (sleep 1000 &) ; exec sleep 1000'
        Wait-Until { (Get-CanProcess family).Count -eq 3 } -Because 'all have started'
        Stop-CanContainer family -Force
        Get-CanProcessId | Should -BeNullOrEmpty
        Get-CgroupParent | Get-ChildItem -Directory | Where-Object Name -NE monitors | Should -BeNullOrEmpty
    }

    It 'has a root of its own over the image''s' {
        Read-Inside 'echo x > /etc/passwd; rm /etc/group; mkdir /new; ls -d /new; mount | grep -c "^overlay on / type overlay"' | Should -Be /new, 1
        Read-Inside 'test -s /etc/group && grep -c root /etc/passwd; ls -d /new 2>/dev/null' | Should -Be 1
    }

    It 'tells how it ended' {
        (New-CanContainer busybox -- sh -c 'exit 42' | Wait-CanContainer).ExitCode | Should -Be 42
        $null = New-CanContainer busybox -Name killed sleep 1000
        Send-CanSignal killed KILL
        (Wait-CanContainer killed).ExitCode | Should -Be 137
    }

    It 'outlives the shell that made it' {
        $module = (Get-Module Can).Path
        & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command "Import-Module '$module'; New-CanContainer busybox -Name orphan -- sh -c 'sleep 1; echo alive; exec sleep 1000'" | Out-Null
        Wait-Until { Get-CanLog orphan } -Because 'it writes its log after the shell has gone'
        (Get-CanContainer orphan).State | Should -Be Running
        (Get-CanLog orphan).Message | Should -Be alive
    }
}

Describe 'A guest in somebody''s shell' {
    It 'leaves the shell as it was' {
        $status = { Get-Content /proc/self/status | Where-Object { $_ -match '^(Umask|SigBlk|SigIgn|SigCgt|Cap|Groups|NSpid)' } }
        $state = { (& $status) + (Get-Item /proc/self/cwd).LinkTarget + (Get-ChildItem /proc/self/ns | ForEach-Object LinkTarget) + (Get-Content /proc/self/limits) + (Get-Content /proc/self/cgroup) }
        Invoke-CanContainer busybox true
        $before = & $state
        $null = New-CanContainer busybox -Name guest sleep 1000
        $null = Invoke-CanExec guest true
        $null = Measure-CanContainer guest
        Remove-CanContainer guest -Force
        & $state | Should -Be $before
    }

    It 'holds no descriptor and leaves no child' {
        $open = { (Get-ChildItem /proc/self/fd | ForEach-Object LinkTarget | Where-Object { $_ -match "$env:CAN_ROOT|socket:|pipe:|memfd" } | Sort-Object) }
        1..3 | ForEach-Object { Invoke-CanContainer busybox true }
        $before = @(& $open).Count
        1..10 | ForEach-Object {
            $null = New-CanContainer busybox -Name many sleep 1000
            $null = Invoke-CanExec many true
            Remove-CanContainer many -Force
        }
        @(& $open).Count | Should -BeLessOrEqual $before
        Get-ChildItem /proc/self/task | ForEach-Object { (Get-Content "$($_.FullName)/children" -ErrorAction Ignore) -split ' ' | Where-Object { $_ } } |
            Where-Object { (Get-Content "/proc/$_/comm" -ErrorAction Ignore) -like 'can-*' } | Should -BeNullOrEmpty
    }
}
