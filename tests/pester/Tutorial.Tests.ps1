# What the classic "write your own Docker" tutorial shows, on real containers.
BeforeDiscovery {
    Import-Module "$PSScriptRoot/CanTest.psm1"
    $own = Test-OwnNetwork
}
BeforeAll {
    Import-Module "$PSScriptRoot/CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'The tutorial' {
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    Context 'A process of its own world' {
        It 'is process 1 and sees nothing of the host' {
            $lines = Invoke-CanContainer busybox -- ps -ef
            $lines | Should -HaveCount 2
            $lines[0] | Should -Match '^\s*PID\s'
            $lines[1] | Should -Match '^\s*1\s+root\s.*ps -ef$'
        }

        It 'is, from outside, the only child of its monitor' {
            $container = New-CanContainer busybox sleep 1000
            $parent = (Get-Content "/proc/$($container.ProcessId)/stat") -replace '^.*\) \S ' -split ' ' | Select-Object -First 1
            $parent | Should -Be $container.MonitorProcessId
            Get-Content "/proc/$parent/comm" | Should -Be can-monitor
            (Get-Content "/proc/$($container.ProcessId)/cmdline" -Raw).Split("`0") | Select-Object -First 2 | Should -Be sleep, 1000
            (Get-Content "/proc/$parent/task/$parent/children" -Raw).Trim() | Should -Be $container.ProcessId
        }
    }

    Context 'Two containers of one image, a volume each' {
        BeforeEach {
            $f1, $f2 = (Get-Scratch f1), (Get-Scratch f2)
            $c1 = New-CanContainer busybox -Name c1 -Volume "${f1}:/t1" -Init sleep 1000
            $c2 = New-CanContainer busybox -Name c2 -Volume "${f2}:/t2" -Init sleep 1000
        }

        It 'keeps what is written to a volume on the host, after the container is gone' {
            Invoke-CanExec c1 -- sh -c 'echo one > /t1/file'
            Invoke-CanExec c2 -- sh -c 'echo two > /t2/file'

            Get-Content $f1/file | Should -Be one
            Get-Content $f2/file | Should -Be two
            Invoke-CanExec c2 -- ls / | Should -Not -Contain t1

            Stop-CanContainer c1, c2 -PassThru | Remove-CanContainer
            Get-Content $f1/file, $f2/file | Should -Be one, two
        }

        It 'keeps what is written elsewhere in that container alone, and the image as it was' {
            Invoke-CanExec c1 -- sh -c 'mkdir /tmp/d; echo mine > /tmp/d/file; rm /etc/group'

            Invoke-CanExec c1 -- cat /tmp/d/file | Should -Be mine
            Invoke-CanExec c2 -- ls /tmp | Should -BeNullOrEmpty
            Invoke-CanExec c2 -- ls /etc | Should -Contain group
            Get-Content "$env:CAN_ROOT/lib/containers/$($c1.Id)/upper/tmp/d/file" | Should -Be mine
            Invoke-CanContainer busybox -- ls /tmp /etc | Should -Contain group
            Invoke-CanContainer busybox -- ls /tmp | Should -BeNullOrEmpty

            Restart-CanContainer c1
            Invoke-CanExec c1 -- cat /tmp/d/file | Should -Be mine
        }

        It 'lists both, and the stopped one as exited' {
            Stop-CanContainer c2
            $list = Get-CanContainer
            $list | Should -HaveCount 2
            $list.Name | Should -Be c1, c2
            $list.Id | Should -Be $c1.Id, $c2.Id
            $list.State | Should -Be Running, Exited
            $list[0].ProcessId | Should -Be $c1.ProcessId
            $list[1].ProcessId | Should -BeNullOrEmpty
            $list[0].Command | Should -Be sleep, 1000
            $list.CreatedAt | ForEach-Object { $_ | Should -BeGreaterThan ([datetimeoffset]::Now.AddMinutes(-30)) }

            $table = $list | Format-Table | Out-String -Width 200
            $table | Should -Match '\bName\b'
            foreach ($column in 'Id', 'Name', 'State', 'Command', 'Created') { $table | Should -Match "\b$column" }
            $table | Should -Match "$($c1.ShortId).*c1.*Running"
            $table | Should -Match "$($c2.ShortId).*c2.*Exited"
            $table | Should -Match "\b$($c1.ProcessId)\b"
        }
    }

    Context 'Limits that hold' {
        It 'kills a memory hog and says that memory was the reason' -Tag Cgroup2 {
            $hog = New-CanContainer busybox -Memory 64MB -MemorySwap 64MB -- tail /dev/zero | Wait-CanContainer -Timeout 300
            $hog.State | Should -Be Exited
            $hog.OomKilled | Should -BeTrue
            $hog.ExitCode | Should -Be 137
        }

        It 'does not call a death by another signal one by memory' {
            $killed = New-CanContainer busybox -Memory 64MB -- sh -c 'kill -9 $$; sleep 1000'
            $killed | Send-CanSignal -Signal KILL
            $killed = $killed | Wait-CanContainer -Timeout 120
            $killed.ExitCode | Should -Be 137
            $killed.OomKilled | Should -BeFalse
        }

        It 'gives a processor hog half a processor' {
            # The shares let it have its half on a busy machine too.
            $hog = New-CanContainer busybox -Cpus 0.5 -CpuShares 262144 -- sh -c 'while :; do :; done'
            $first = $hog | Measure-CanContainer
            Start-Sleep -Seconds 3
            $last = $hog | Measure-CanContainer
            $share = ($last.CpuTime - $first.CpuTime) / ($last.Timestamp - $first.Timestamp)
            $share | Should -BeGreaterThan 0.3
            $share | Should -BeLessThan 0.65
        }
    }

    Context 'Namespaces' {
        BeforeEach { $null = New-CanContainer busybox -Name inside -CapAdd SYS_ADMIN -SecurityOption seccomp=unconfined sleep 1000 }

        It 'has a host name of its own' {
            $before = [Environment]::MachineName
            Invoke-CanExec inside -- sh -c 'hostname changed; hostname' | Should -Be changed
            (Get-Content /proc/sys/kernel/hostname) | Should -Be $before
            Invoke-CanExec inside -- hostname | Should -Be changed
        }

        It 'has message queues and shared memory of its own' {
            $segment = (ipcmk -M 4096) -replace '\D'
            try {
                Get-Content /proc/sysvipc/shm | Select-Object -Skip 1 | Should -Match "\b$segment\b"
                Invoke-CanExec inside -- sh -c 'tail -n +2 /proc/sysvipc/shm' | Should -BeNullOrEmpty
            }
            finally {
                ipcrm -m $segment
            }
            Invoke-CanExec inside -- sh -c 'touch /dev/mqueue/q /dev/shm/s; ls /dev/mqueue /dev/shm' | Should -Contain q
            if (Test-Path /dev/mqueue) { Get-ChildItem /dev/mqueue | Should -BeNullOrEmpty }
            Test-Path /dev/shm/s | Should -BeFalse
        }

        It 'has mounts of its own' {
            $before = Get-Content /proc/self/mountinfo | Where-Object { $_.Contains($env:CAN_ROOT) }
            Invoke-CanExec inside -Privileged -- mount -t tmpfs none /home
            Invoke-CanExec inside -- sh -c 'grep -c " /home " /proc/self/mountinfo' | Should -Be 1
            Get-Content /proc/self/mountinfo | Where-Object { $_.Contains($env:CAN_ROOT) } | Should -Be $before
        }
    }

    Context 'A bridge network and two containers on it' -Skip:(-not $own) {
        BeforeAll {
            $outside = New-OutsideHost
            $network = New-CanNetwork tutorial -Driver bridge -Subnet 192.168.10.0/24
        }
        BeforeEach {
            $c1 = New-CanContainer busybox -Name c1 -Network tutorial -IPAddress 192.168.10.2 sleep 1000
            $c2 = New-CanContainer busybox -Name c2 -Network tutorial -IPAddress 192.168.10.3 sleep 1000
        }
        AfterAll {
            Get-CanNetwork | Remove-CanNetwork
            Remove-OutsideHost $outside
        }

        It 'lists the network with its subnet, gateway and containers' {
            $listed = Get-CanNetwork
            $listed.Name | Should -Be tutorial
            $listed.Driver | Should -Be bridge
            $listed.Subnet | Should -Be 192.168.10.0/24
            $listed.Gateway | Should -Be 192.168.10.1
            $listed.Containers | Should -Be c1, c2
            $listed | Format-Table | Out-String -Width 200 | Should -Match 'tutorial\s+192\.168\.10\.0/24\s+192\.168\.10\.1'
        }

        It 'shows eth0 with its address, and lo, inside' -Tag Cgroup2 {
            $inside = Invoke-CanExec c1 ifconfig
            $eth0 = [array]::FindIndex([string[]] $inside, [Predicate[string]] { $args[0] -match '^eth0 ' })
            $inside[$eth0 + 1] | Should -Match 'inet addr:192\.168\.10\.2 .*Mask:255\.255\.255\.0'
            @($inside) -match '^\w' | Should -HaveCount 2
            @($inside) -match 'inet addr:127\.0\.0\.1 ' | Should -HaveCount 1
            @(Invoke-CanExec c1 -- route -n) -match '^0\.0\.0\.0 +192\.168\.10\.1 .* eth0$' | Should -HaveCount 1
        }

        It 'lets one ping the other, by address and by name' -Tag Cgroup2 {
            Invoke-CanExec c1 -- ping -c 2 192.168.10.3 | Should -Contain '2 packets transmitted, 2 packets received, 0% packet loss'
            Invoke-CanExec c2 -- ping -c 1 c1 | Should -Contain '1 packets transmitted, 1 packets received, 0% packet loss'
        }

        It 'lets them reach a host beyond the bridge, which knows nothing of their addresses' -Tag Cgroup2 {
            Invoke-Outside $outside 'ip route' | Should -Not -Match '192\.168\.10\.'
            Invoke-CanExec c1 -- ping -c 1 $outside.Address | Should -Contain '1 packets transmitted, 1 packets received, 0% packet loss'
        }

        It 'publishes a port to the world when that is asked for' {
            $web = New-CanContainer busybox -Name web -Network tutorial -Publish 0.0.0.0:8080:80 -- nc -ll -p 80 -e echo 'hello, world'
            "$($web.Ports)" | Should -Be 0.0.0.0:8080:80/tcp
            Wait-Until { (Read-Tcp 127.0.0.1 8080) -eq 'hello, world' } 'the server listens'
            Invoke-Outside $outside "nc -w 5 $($outside.Gateway) 8080 </dev/null" | Should -Be 'hello, world'
            Get-CanContainer web | Format-Table | Out-String -Width 200 | Should -Match '\*:8080→80'
        }

        It 'removes the network, but not while it is in use' {
            $problem = Get-CanError { Remove-CanNetwork tutorial }
            $problem.Id | Should -Be NetworkInUse
            $problem.Message | Should -Match 'c1, c2'
            Get-CanContainer | Remove-CanContainer -Force
            Remove-CanNetwork tutorial
            Get-CanNetwork | Should -BeNullOrEmpty
            @(ip -o link) -match $network.Interface | Should -BeNullOrEmpty
        }
    }

    Context 'Pipelines' {
        It 'stops and removes all containers of a name' {
            'c1', 'c2', 'other' | ForEach-Object { $null = New-CanContainer busybox -Name $_ -Init sleep 1000 }
            Get-CanContainer c* | Stop-CanContainer -PassThru | Remove-CanContainer
            (Get-CanContainer).Name | Should -Be other
        }

        It 'removes all that have ended' {
            $null = New-CanContainer busybox -Name running sleep 1000
            'true', 'false' | ForEach-Object { New-CanContainer busybox $_ } | Wait-CanContainer | Should -HaveCount 2
            Get-CanContainer -State Exited | Remove-CanContainer
            (Get-CanContainer).Name | Should -Be running
        }

        It 'starts from images, and ends with what was written' {
            Get-CanImage busybox | New-CanContainer -Command echo, hello | Wait-CanContainer | Get-CanLog |
                ForEach-Object Message | Should -Be hello
        }
    }
}
