# The tutorial's chapter on networks, as somebody would go through it, and what must not be possible.
BeforeDiscovery {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    $own = Test-OwnNetwork
}
BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest

    # A server that greets whoever connects to its port 80.
    $greeter = 'sh', '-c', 'exec nc -ll -p 80 -e echo "hello from $(hostname)"'
    $sleeper = 'sleep', '100000'
    function Get-Ping([string] $From, [string] $To) {
        $null = Invoke-CanExec $From -- ping -c 1 -W 2 $To
        $LASTEXITCODE -eq 0
    }
    function Read-From([string] $Container, [string] $Address, [int] $Port) {
        Invoke-CanExec $Container -Command sh, -c, "nc -w 2 $Address $Port </dev/null" -ErrorAction Ignore
    }
}
AfterAll { Clear-CanTest }

Describe 'Networking' -Skip:(-not $own) {
    Context 'The tutorial' {
        BeforeAll {
            $outside = New-OutsideHost
            $network = New-CanNetwork lab -Subnet 192.168.10.0/24
            $c1 = New-CanContainer busybox -Name c1 -Network lab -Publish 80 -Hostname c1 -Command $greeter
            $c2 = New-CanContainer busybox -Name c2 -Network lab -Command $sleeper
        }
        AfterAll {
            Get-CanContainer | Remove-CanContainer -Force
            Get-CanNetwork | Remove-CanNetwork
            Remove-OutsideHost $outside
        }

        It 'gives each container an address of the subnet' {
            $c1.IPAddress | Should -Be 192.168.10.2
            $c2.IPAddress | Should -Be 192.168.10.3
            $c1.Networks | Should -Be lab
        }
        It 'has eth0 and lo inside, and nothing else' {
            $lines = Invoke-CanExec c2 -- ip -o addr
            $lines | Where-Object { $_ -match ' eth0 .*inet 192\.168\.10\.3/24 ' } | Should -HaveCount 1
            $lines | Where-Object { $_ -match ' lo .*inet 127\.0\.0\.1/8 ' } | Should -HaveCount 1
            Invoke-CanExec c2 -- ls /sys/class/net | Should -Be eth0, lo
            Invoke-CanExec c2 -- ip route | Should -Contain 'default via 192.168.10.1 dev eth0 '
        }
        It 'makes the hardware address of the address' {
            Invoke-CanExec c2 -- cat /sys/class/net/eth0/address | Should -Be 02:42:c0:a8:0a:03
        }
        It 'lets one container ping the other by address, name and short Id' {
            Get-Ping c2 192.168.10.2 | Should -BeTrue
            Get-Ping c2 c1 | Should -BeTrue
            Get-Ping c1 $c2.ShortId | Should -BeTrue
        }
        It 'reaches a host outside of the bridge, under its own host''s address' {
            Get-Ping c2 $outside.Address | Should -BeTrue
            $null = Invoke-Outside $outside 'ip route get 192.168.10.3' # no route: only masquerading can have brought the answer
            Invoke-Outside $outside 'ip route' | Should -Not -Match '192.168.10'
        }
        It 'publishes a port on 127.0.0.1 and says which' {
            $port = $c1.Ports[0]
            "$port" | Should -Match '^127\.0\.0\.1:\d+:80/tcp$'
            Wait-Until { (Read-Tcp 127.0.0.1 $port.HostPort) -eq 'hello from c1' } 'the server listens'
            { [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, $port.HostPort).Start() } | Should -Throw
        }
        It 'refuses to remove the network while it is in use' {
            Get-CanErrorId { Remove-CanNetwork lab } | Should -Be NetworkInUse
            (Get-CanNetwork lab).Containers | Should -Be c1, c2
        }
        It 'shows the rules' { (Get-CanNetwork lab).Rules -join "`n" | Should -Match "table inet can-[\s\S]*$($network.Interface)" }
        It 'keeps the address over a restart, and gives it back on removal' {
            (Restart-CanContainer c2 -Timeout 0 -PassThru).IPAddress | Should -Be 192.168.10.3
            Get-Ping c2 c1 | Should -BeTrue
            Remove-CanContainer c2 -Force
            Get-CanErrorId { New-CanContainer busybox -Name other -Network lab -IPAddress 192.168.10.2 -Command true } | Should -Be IPAddressTaken
            (New-CanContainer busybox -Name c2 -Network lab -IPAddress 192.168.10.3 -Command $sleeper).IPAddress | Should -Be 192.168.10.3
        }
        It 'leaves nothing of a network that is removed' {
            Remove-CanContainer c1, c2 -Force
            Remove-CanNetwork lab
            Get-CanNetwork | Should -BeNullOrEmpty
            ip -o link | Should -Not -Match $network.Interface
            nft list tables | Should -Not -Match (Get-CgroupName)
        }
    }

    Context 'The default network' {
        BeforeAll { $global:PSDefaultParameterValues.Remove('*-CanContainer:Network') }
        AfterAll {
            $global:PSDefaultParameterValues['*-CanContainer:Network'] = 'none'
            Get-CanContainer | Remove-CanContainer -Force
            Get-CanNetwork | Remove-CanNetwork
        }

        It 'is made when it is first needed, and says what it changes of the host' {
            sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward'
            $said = New-CanContainer busybox -Name one -Verbose -Command $sleeper 4>&1
            $said -join ' ' | Should -Match 'net\.ipv4\.ip_forward'
            (Get-CanContainer one).Networks | Should -Be can0
            (Get-CanNetwork).Name | Should -Be can0
        }
        It 'lets containers find each other by name' {
            $null = New-CanContainer busybox -Name two -Command $sleeper
            Get-Ping two one | Should -BeTrue
            (Invoke-CanContainer busybox -- ping -c 1 -W 2 two) -join ' ' | Should -Match ' 0% packet loss'
        }
        It 'is known by Docker''s name for it' {
            (New-CanContainer busybox -Name three -Network bridge -NoStart -Command true).Networks | Should -Be can0
        }
        It 'is not needed by -WhatIf, which shows the steps' {
            Get-CanContainer | Remove-CanContainer -Force
            Remove-CanNetwork can0
            New-CanContainer busybox -Publish 8080:80 -WhatIf -Command true 6>&1 | Out-String | Should -Match 'veth'
            Get-CanNetwork | Should -BeNullOrEmpty
        }
    }

    Context 'Published ports' {
        BeforeAll {
            $outside = New-OutsideHost
            $null = New-CanNetwork web -Subnet 192.168.10.0/24
            $null = New-CanContainer busybox -Name server -Network web -Hostname server -Publish 8080:80, 0.0.0.0:8081:80 -Command $greeter
            $null = New-CanContainer busybox -Name client -Network web -Command $sleeper
            Wait-Until { (Read-Tcp 127.0.0.1 8080) -eq 'hello from server' } 'the server listens'
        }
        AfterAll {
            Get-CanContainer | Remove-CanContainer -Force
            Get-CanNetwork | Remove-CanNetwork
            Remove-OutsideHost $outside
        }

        It 'reaches a port published on all addresses from everywhere' {
            Read-Tcp 127.0.0.1 8081 | Should -Be 'hello from server'
            Read-Tcp $outside.Gateway 8081 | Should -Be 'hello from server'
            Invoke-Outside $outside "nc -w 2 $($outside.Gateway) 8081 </dev/null" | Should -Be 'hello from server'
            Read-From client $outside.Gateway 8081 | Should -Be 'hello from server'
            Read-From server $outside.Gateway 8081 | Should -Be 'hello from server'
        }
        It 'reaches a port published on 127.0.0.1 from the host alone' {
            Read-Tcp 127.0.0.1 8080 | Should -Be 'hello from server'
            Read-Tcp $outside.Gateway 8080 | Should -BeNullOrEmpty
            Invoke-Outside $outside "nc -w 1 $($outside.Gateway) 8080 </dev/null" | Should -Not -Match hello
        }
        It 'drops what a neighbour sends to 127.0.0.1' {
            $null = Invoke-Outside $outside "ip route add 127.0.0.2/32 via $($outside.Gateway); sysctl -w net.ipv4.conf.eth0.route_localnet=1; ip addr del 127.0.0.1/8 dev lo; ip route add 127.0.0.1/32 via $($outside.Gateway)"
            Invoke-Outside $outside 'nc -w 1 127.0.0.1 8080 </dev/null' | Should -Not -Match hello
        }
        It 'keeps a container away from the loopback services of its host' {
            $listener = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 7777)
            $listener.Start()
            try {
                $null = Invoke-CanExec client -Privileged -- sh -c 'ip addr del 127.0.0.1/8 dev lo; ip route add 127.0.0.1/32 via 192.168.10.1'
                $null = Read-From client 127.0.0.1 7777
                $null = Read-From client 192.168.10.1 7777
                $listener.Pending() | Should -BeFalse
            }
            finally {
                $listener.Stop()
            }
        }
        It 'drops what is routed from outside to an unpublished port' {
            $null = Invoke-Outside $outside "ip route add 192.168.10.0/24 via $($outside.Gateway)"
            Invoke-Outside $outside 'nc -w 1 192.168.10.2 80 </dev/null' | Should -Not -Match hello
        }
        It 'refuses a port that is busy and leaves nothing' {
            $before = Get-CanTrace
            $problem = Get-CanError { New-CanContainer busybox -Network web -Publish 8080:80 -Command true }
            $problem.Id | Should -Be PortInUse
            Compare-CanTrace $before | Should -BeNullOrEmpty
        }
        It 'refuses <Text>: <Id>' -ForEach @(
            @{ Text = '99999:80'; Id = 'PortInvalid' }, @{ Text = '80:0'; Id = 'PortInvalid' }, @{ Text = '[::1]:80:80'; Id = 'PortInvalid' }
            @{ Text = '198.51.100.1:80:80'; Id = 'PublishAddressNotFound' }, @{ Text = '[::]:80:80'; Id = 'PublishNeedsIPv6' }
        ) {
            Get-CanErrorId { New-CanContainer busybox -Network web -Publish $Text -Command true } | Should -Be $Id
        }
        It 'refuses one port twice' {
            Get-CanErrorId { New-CanContainer busybox -Network web -Publish 90:80, 0.0.0.0:90:81 -Command true } | Should -Be PortDuplicate
        }
        It 'adds ports to a running container and takes them back' {
            $changed = Set-CanContainer server -Publish 0.0.0.0:8090:80, 80 -PassThru
            $changed.Ports | Should -HaveCount 4
            Wait-Until { (Read-Tcp 127.0.0.1 8090) -eq 'hello from server' } 'the server listens'
            Read-Tcp 127.0.0.1 $changed.Ports[3].HostPort | Should -Be 'hello from server'
            (Set-CanContainer server -Unpublish 0.0.0.0:8090:80 -PassThru).Ports | Should -HaveCount 3
            Read-Tcp 127.0.0.1 8090 | Should -BeNullOrEmpty
            $listener = [Net.Sockets.TcpListener]::new([ipaddress]::Any, 8090)
            $listener.Start()
            $listener.Stop()
            Get-CanErrorId { Set-CanContainer server -Unpublish 8090:80 } | Should -Be PortNotPublished
        }
        It 'gives ports back when the container ends by itself' {
            $null = New-CanContainer busybox -Network web -Publish 8095:80 -Command true | Wait-CanContainer -Timeout 60
            (Get-CanNetwork web).Rules -join ' ' | Should -Not -Match '8095'
            $listener = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 8095)
            $listener.Start()
            $listener.Stop()
        }
    }

    Context 'Several networks' {
        BeforeAll {
            $null = New-CanNetwork front -Subnet 192.168.10.0/24 -IPv6
            $null = New-CanNetwork back -Subnet 192.168.20.0/24
            $null = New-CanContainer busybox -Name web -Network front -Command $sleeper
            $null = New-CanContainer busybox -Name db -Network back -NetworkAlias database -Command $sleeper
        }
        AfterEach { Disconnect-CanNetwork back web -ErrorAction Ignore }
        AfterAll {
            Get-CanContainer | Remove-CanContainer -Force
            Get-CanNetwork | Remove-CanNetwork
        }

        It 'keeps networks apart' { Get-Ping web 192.168.20.2 | Should -BeFalse }
        It 'connects a running container, which finds and is found by name at once' {
            $changed = Connect-CanNetwork back web -NetworkAlias frontend -PassThru
            $changed.Networks | Should -Be front, back
            Get-Ping web database | Should -BeTrue
            Get-Ping db frontend | Should -BeTrue
            Invoke-CanExec web -- ls /sys/class/net | Should -Be eth0, eth1, lo
            (Invoke-CanExec web -- ip route) -match '^default' | Should -Be 'default via 192.168.10.1 dev eth0 '
        }
        It 'finds who comes later, and by a new name' {
            Connect-CanNetwork back web
            $null = New-CanContainer busybox -Name late -Network back -Command $sleeper
            Get-Ping web late | Should -BeTrue
            Rename-CanContainer late later
            Get-Ping web later | Should -BeTrue
            Get-Ping db later | Should -BeTrue
            Get-Ping db late | Should -BeFalse
            Remove-CanContainer later -Force
            Get-Ping web later | Should -BeFalse
        }
        It 'moves the default route by priority' {
            Connect-CanNetwork back web -Priority 10
            (Invoke-CanExec web -- ip route) -match '^default' | Should -Be 'default via 192.168.20.1 dev eth1 '
            Disconnect-CanNetwork back web
            (Invoke-CanExec web -- ip route) -match '^default' | Should -Be 'default via 192.168.10.1 dev eth0 '
            Invoke-CanExec web -- ls /sys/class/net | Should -Be eth0, lo
        }
        It 'has IPv6 addresses and names' {
            $other = New-CanContainer busybox -Name six -Network front -Command $sleeper
            $null = Invoke-CanExec web -- ping -6 -c 1 -W 5 six
            $LASTEXITCODE | Should -Be 0
            $other.IPv6Address | Should -Match '^fd'
            Remove-CanContainer six -Force
        }
        It 'refuses what makes no sense: <Id>' -ForEach @(
            @{ Id = 'NetworkAlreadyConnected'; Action = { Connect-CanNetwork front web } }
            @{ Id = 'NetworkNotConnected'; Action = { Disconnect-CanNetwork back web } }
            @{ Id = 'NetworkNotFound'; Action = { Connect-CanNetwork nosuch web } }
            @{ Id = 'IPAddressOutside'; Action = { Connect-CanNetwork back web -IPAddress 192.168.99.9 } }
            @{ Id = 'IPAddressTaken'; Action = { Connect-CanNetwork back web -IPAddress 192.168.20.2 } }
            @{ Id = 'ContainerNotFound'; Action = { Connect-CanNetwork back nosuch } }
        ) {
            Get-CanErrorId $Action | Should -Be $Id
            (Get-CanContainer web).Networks | Should -Be front
        }
        It 'shares the network of another container' {
            $null = New-CanContainer busybox -Name shared -Network container:web -Command $sleeper
            Invoke-CanExec shared -- readlink /proc/self/ns/net | Should -Be (Invoke-CanExec web -- readlink /proc/self/ns/net)
            Invoke-CanExec shared -- cat /etc/hosts | Should -Be (Invoke-CanExec web -- cat /etc/hosts)
            Remove-CanContainer shared -Force
        }
    }

    Context 'Faults' {
        BeforeAll { $null = New-CanNetwork lab -Subnet 192.168.10.0/30 }
        AfterEach { Get-CanContainer | Remove-CanContainer -Force }
        AfterAll { Get-CanNetwork | Remove-CanNetwork }

        It 'says that a network is full' {
            $null = New-CanContainer busybox -Name only -Network lab -Command $sleeper
            Get-CanErrorId { New-CanContainer busybox -Network lab -Command true } | Should -Be NetworkFull
        }
        It 'makes a bridge again that somebody has deleted' {
            $null = New-CanContainer busybox -Name before -Network lab -Command true | Wait-CanContainer -Timeout 60 | Remove-CanContainer
            ip link del (Get-CanNetwork lab).Interface
            $null = New-CanContainer busybox -Name after -Network lab -Command $sleeper
            Get-Ping after 192.168.10.1 | Should -BeTrue
        }
        It 'makes the table again that somebody has flushed, with the ports of who runs' {
            $null = New-CanContainer busybox -Name server -Network lab -Hostname server -Publish 8080:80 -Command $greeter
            nft flush ruleset
            $null = New-CanNetwork other
            $null = New-CanContainer busybox -Name second -Network other -Command $sleeper
            Wait-Until { (Read-Tcp 127.0.0.1 8080) -eq 'hello from server' } 'the port is published again'
            Remove-CanContainer second -Force
            Remove-CanNetwork other
        }
        It 'takes the lease of a container whose files are gone, and one that is damaged' {
            $container = New-CanContainer busybox -Network lab -Command $sleeper
            $container | Remove-CanContainer -Force
            $leases = "$env:CAN_ROOT/run/networks/$((Get-CanNetwork lab).Id)/leases"
            $null = [IO.Directory]::CreateDirectory($leases)
            [IO.File]::WriteAllText("$leases/192.168.10.2", '')
            (New-CanContainer busybox -Network lab -Command $sleeper).IPAddress | Should -Be 192.168.10.2
        }
        It 'gives ports back that a killed monitor held' {
            $container = New-CanContainer busybox -Network lab -Publish 8080:80 -Command $sleeper
            kill -9 $container.MonitorProcessId
            Wait-Until { (Get-CanContainer -Id $container.Id).State -eq 'Exited' } 'the container has ended with its monitor'
            (Get-CanNetwork lab).Rules -join ' ' | Should -Not -Match 8080
            $container | Start-CanContainer
            (Get-CanContainer -Id $container.Id).Ports | Should -HaveCount 1
        }
    }
}
