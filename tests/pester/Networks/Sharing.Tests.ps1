# -Network container:NAME, host and none.
BeforeDiscovery {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    $own = Test-OwnNetwork
}
BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
    $greeter = 'sh', '-c', 'exec nc -ll -p 80 -e echo hello'
    $sleeper = 'sleep', '100000'
    function Get-Namespace([string] $Container) { readlink "/proc/$((Get-CanContainer $Container).ProcessId)/ns/net" }
    function Get-HostInterface { @(ip -o link) -match ': v[0-9a-f]{9}' -replace '^\d+: ([^:@]+).*', '$1' }
}
AfterAll { Clear-CanTest }

Describe 'Sharing a network' -Skip:(-not $own) {
    BeforeAll { $null = New-CanNetwork lab -Subnet 192.168.10.0/24 }
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }
    AfterAll { Get-CanNetwork | Remove-CanNetwork }

    It 'is on the same addresses, ports and names' -Tag Cgroup2 {
        $owner = New-CanContainer busybox -Name owner -Network lab -Publish 80 -NetworkAlias alias -Command $sleeper
        $guest = New-CanContainer busybox -Name guest -Network container:owner -Command $greeter
        $null = New-CanContainer busybox -Name peer -Network lab -Command $sleeper
        Get-Namespace guest | Should -Be (Get-Namespace owner)
        Wait-Until { (Read-Tcp 127.0.0.1 $owner.Ports[0].HostPort) -eq 'hello' } 'the guest listens on the owner''s port'
        Read-TcpFrom owner 127.0.0.1 80 | Should -Be hello
        Invoke-CanExec guest -- cat /etc/hosts | Should -Be (Invoke-CanExec owner -- cat /etc/hosts)
        Invoke-CanExec guest -- cat /etc/resolv.conf | Should -Be (Invoke-CanExec owner -- cat /etc/resolv.conf)
        Test-Ping guest peer | Should -BeTrue
        $guest.Networks | Should -Be "container:$($owner.Id)"
    }
    It 'takes an Id in place of the name, and an owner without networks' {
        $owner = New-CanContainer busybox -Network none -Name owner -Command $sleeper
        $null = New-CanContainer busybox -Name guest -Network "container:$($owner.ShortId)" -Command $sleeper
        Get-Namespace guest | Should -Be (Get-Namespace owner)
    }
    It 'follows the owner to its new network when it is restarted after it' {
        $null = New-CanContainer busybox -Name owner -Network lab -RestartPolicy always -Command $sleeper
        $guest = New-CanContainer busybox -Name guest -Network container:owner -RestartPolicy always -Command $greeter
        $null = New-CanContainer busybox -Name peer -Network lab -Command $sleeper
        Restart-CanContainer owner -Timeout 0
        Test-Ping peer owner | Should -BeTrue
        Get-Namespace guest | Should -Not -Be (Get-Namespace owner)

        # By its monitor alone, which knew the owner's earlier process.
        kill -9 $guest.ProcessId
        Wait-Until { (Get-CanContainer guest).State -eq 'Running' -and (Get-CanContainer guest).ProcessId -ne $guest.ProcessId } 'the guest runs again'
        Get-Namespace guest | Should -Be (Get-Namespace owner)
        Wait-Until { (Read-TcpFrom peer owner 80) -eq 'hello' } 'the guest listens on the owner''s address'
    }
    It 'leaves no second interface with the owner''s address, however the owner''s run ends: <_>' -ForEach 'Restart', 'ByItself', 'MonitorKilled', 'Removed' {
        $owner = New-CanContainer busybox -Name owner -Network lab -RestartPolicy always -Command $sleeper
        $null = New-CanContainer busybox -Name guest -Network container:owner -Command $sleeper
        Wait-Until { @(Get-HostInterface).Count -eq 1 } 'the interfaces of earlier containers have gone'
        $old = Get-HostInterface
        switch ($_) {
            Restart { Restart-CanContainer owner -Timeout 0 }
            ByItself {
                kill -9 $owner.ProcessId
                Wait-Until { (Get-CanContainer owner).State -eq 'Running' -and (Get-CanContainer owner).ProcessId -ne $owner.ProcessId } 'it runs again'
            }
            MonitorKilled {
                kill -9 $owner.MonitorProcessId
                Wait-Until { (Get-CanContainer owner).State -eq 'Exited' } 'the container has ended with its monitor'
                Start-CanContainer owner
            }
            Removed {
                Remove-CanContainer owner -Force
                $null = New-CanContainer busybox -Name owner -Network lab -IPAddress $owner.IPAddress -Command $sleeper
            }
        }
        Get-HostInterface | Should -HaveCount 1
        Get-HostInterface | Should -Not -Be $old
        Invoke-CanExec guest -- ls /sys/class/net | Should -Be lo
        $null = New-CanContainer busybox -Name peer -Network lab -Command $sleeper
        Test-Ping peer $owner.IPAddress | Should -BeTrue
    }
    It 'leaves the guest on its network when the owner has ended, with lo alone' {
        $null = New-CanContainer busybox -Name owner -Network lab -Command $sleeper
        $null = New-CanContainer busybox -Name guest -Network container:owner -Command $sleeper
        Stop-CanContainer owner -Force
        (Get-CanContainer guest).State | Should -Be Running
        Invoke-CanExec guest -- ls /sys/class/net | Should -Be lo
        $problem = Get-CanError { Restart-CanContainer guest -Timeout 0 }
        $problem.Id | Should -Be ContainerNotRunning
        $problem.Message | Should -Match owner
    }
    It 'refuses <Because>: <Id>' -ForEach @(
        @{ Because = 'an owner that does not run'; Id = 'ContainerNotRunning'; Network = 'container:idle' }
        @{ Because = 'the guest of another'; Id = 'NetworkOptionConflict'; Network = 'container:guest' }
        @{ Because = 'nobody'; Id = 'ContainerNotFound'; Network = 'container:nosuch' }
    ) {
        $null = New-CanContainer busybox -Name idle -Network lab -NoStart -Command true
        $null = New-CanContainer busybox -Name owner -Network none -Command $sleeper
        $null = New-CanContainer busybox -Name guest -Network container:owner -Command $sleeper
        Get-CanErrorId { New-CanContainer busybox -Name new -Network $Network -Command true } | Should -Be $Id
        (Get-CanContainer).Name | Should -Be idle, owner, guest
    }
    It 'has the host''s network with host, and lo alone with none' {
        $null = New-CanContainer busybox -Name hosts -Network host -Command $sleeper
        $null = New-CanContainer busybox -Name lonely -Network none -Command $sleeper
        Get-Namespace hosts | Should -Be (readlink /proc/self/ns/net)
        Invoke-CanExec lonely -- ls /sys/class/net | Should -Be lo
        Test-Ping lonely 127.0.0.1 | Should -BeTrue
    }
}
