# Which addresses containers get, of both families, and what a network's other settings do to their interfaces.
BeforeDiscovery {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    $own = Test-OwnNetwork
}
BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
    $sleeper = 'sleep', '100000'
}
AfterAll { Clear-CanTest }

Describe 'Addresses' -Skip:(-not $own) {
    AfterEach {
        Get-CanContainer | Remove-CanContainer -Force
        Get-CanNetwork | Remove-CanNetwork
    }

    Context 'Subnets' {
        It 'has room for one container in a /30, and says when it is full' -Tag Cgroup2 {
            $null = New-CanNetwork lab -Subnet 192.168.10.0/30
            (New-CanContainer busybox -Name only -Network lab -Command $sleeper).IPAddress | Should -Be 192.168.10.2
            $before = Get-CanTrace
            $problem = Get-CanError { New-CanContainer busybox -Network lab -Command $sleeper }
            $problem.Id | Should -Be NetworkFull
            $problem.Category | Should -Be ResourceUnavailable
            $problem.Message | Should -Match "'lab' \(192\.168\.10\.0/30\)"
            Compare-CanTrace $before | Should -BeNullOrEmpty
            Remove-CanContainer only -Force
            (New-CanContainer busybox -Network lab -Command $sleeper).IPAddress | Should -Be 192.168.10.2
        }
        It 'has room for sixty thousand in a /16' {
            $null = New-CanNetwork lab -Subnet 172.30.0.0/16
            $first = New-CanContainer busybox -Name first -Network lab -Command $sleeper
            $last = New-CanContainer busybox -Name last -Network lab -IPAddress 172.30.255.254 -Command $sleeper
            $first.IPAddress | Should -Be 172.30.0.2
            Test-Ping first $last.IPAddress | Should -BeTrue
            Test-Ping last first | Should -BeTrue
            Get-CanErrorId { New-CanContainer busybox -Network lab -IPAddress 172.30.255.255 -Command true } | Should -Be IPAddressOutside
        }
        It 'gives addresses of the range alone, others to who asks for them' {
            $null = New-CanNetwork lab -Subnet 192.168.10.0/24 -IPRange 192.168.10.128/30
            (1..4 | ForEach-Object { New-CanContainer busybox -Network lab -NoStart -Command $sleeper } | Start-CanContainer -PassThru).IPAddress |
                Sort-Object { [version] $_ } | Should -Be (128..131 | ForEach-Object { "192.168.10.$_" })
            $problem = Get-CanError { New-CanContainer busybox -Network lab -Command $sleeper }
            $problem.Id | Should -Be NetworkFull
            $problem.Message | Should -Match '192\.168\.10\.128/30'
            (New-CanContainer busybox -Network lab -IPAddress 192.168.10.7 -Command $sleeper).IPAddress | Should -Be 192.168.10.7
        }
        It 'leaves the gateway out, wherever it is' {
            $null = New-CanNetwork lab -Subnet 192.168.10.0/29 -Gateway 192.168.10.3
            (1..5 | ForEach-Object { New-CanContainer busybox -Network lab -Command $sleeper }).IPAddress |
                Should -Be (1, 2, 4, 5, 6 | ForEach-Object { "192.168.10.$_" })
            Get-CanErrorId { New-CanContainer busybox -Network lab -IPAddress 192.168.10.3 -Command true } | Should -Be IPAddressOutside
        }
    }

    Context 'Addresses of one''s own choice' {
        BeforeEach { $null = New-CanNetwork lab -Subnet 192.168.10.0/24, fd00:10::/64 }

        It 'has those addresses, that hardware address, and keeps them' {
            $asked = @{ IPAddress = '192.168.10.50', 'fd00:10::50'; MacAddress = '02:00:00:00:00:50' }
            $container = New-CanContainer busybox -Name web -Network lab @asked -Command $sleeper
            foreach ($run in 1, 2) {
                $lines = Invoke-CanExec web -- ip -o addr show eth0
                @($lines) -match 'inet 192\.168\.10\.50/24' | Should -HaveCount 1
                @($lines) -match 'inet6 fd00:10::50/64' | Should -HaveCount 1
                Invoke-CanExec web -- cat /sys/class/net/eth0/address | Should -Be 02:00:00:00:00:50
                Restart-CanContainer web -Timeout 0
            }
            $container.IPAddress | Should -Be 192.168.10.50
            $container.IPv6Address | Should -Be fd00:10::50
        }
        It 'takes them with the network, as text and as a hashtable' {
            $null = New-CanNetwork back -Subnet 192.168.20.0/24
            $one = New-CanContainer busybox -Name one -Network 'name=lab,ip=192.168.10.60,mac-address=02:00:00:00:00:60,alias=first,alias=second', back -Command $sleeper
            $two = New-CanContainer busybox -Name two -Network @{ Name = 'lab'; IPAddress = '192.168.10.61' }, @{ Name = 'back'; Priority = 1; Alias = 'third' } -Command $sleeper
            $one.IPAddress, $two.IPAddress | Should -Be 192.168.10.60, 192.168.10.61
            $one.Networks | Should -Be lab, back
            Test-Ping two second | Should -BeTrue
            Test-Ping one third | Should -BeTrue
            @(Invoke-CanExec two -- ip route) -match '^default' | Should -Be 'default via 192.168.20.1 dev eth1 '
        }
        It 'is told for each interface' {
            $null = New-CanNetwork back -Subnet 192.168.20.0/24
            $container = New-CanContainer busybox -Network lab, back -Command $sleeper
            $container.Interfaces.Network | Should -Be lab, back
            $container.Interfaces.Name | Should -Be eth0, eth1
            $container.Interfaces[0].IPv6Address | Should -Be $container.IPv6Address
            $container.Interfaces[1].IPAddress | Should -BeLike 192.168.20.*
            $container.Interfaces[1].MacAddress | Should -Match '^02:42:c0:a8:14:'
            $container | Format-List | Out-String -Width 200 | Should -Match "Interfaces +: \{lab $($container.IPAddress) fd00:10::\w+, back 192\.168\.20\.\d+\}"
        }
        It 'is the container''s from its creation until its removal' {
            $null = New-CanContainer busybox -Name idle -Network lab -IPAddress 192.168.10.50 -NoStart -Command true
            $problem = Get-CanError { New-CanContainer busybox -Network lab -IPAddress 192.168.10.50 -Command true }
            $problem.Id | Should -Be IPAddressTaken
            $problem.Category | Should -Be ResourceExists
            Remove-CanContainer idle
            (New-CanContainer busybox -Network lab -IPAddress 192.168.10.50 -Command $sleeper).IPAddress | Should -Be 192.168.10.50
        }
        It 'refuses <Because>: <Id>' -ForEach @(
            @{ Because = 'one outside'; Id = 'IPAddressOutside'; With = @{ Network = 'lab'; IPAddress = '192.168.11.1' } }
            @{ Because = 'the gateway''s'; Id = 'IPAddressOutside'; With = @{ Network = 'lab'; IPAddress = '192.168.10.1' } }
            @{ Because = 'the broadcast address'; Id = 'IPAddressOutside'; With = @{ Network = 'lab'; IPAddress = '192.168.10.255' } }
            @{ Because = 'an address that is none'; Id = 'IPAddressInvalid'; With = @{ Network = 'lab'; IPAddress = '192.168.10' } }
            @{ Because = 'a group''s hardware address'; Id = 'MacAddressInvalid'; With = @{ Network = 'lab'; MacAddress = '03:00:00:00:00:01' } }
            @{ Because = 'an address for several networks'; Id = 'NetworkOptionConflict'; With = @{ Network = 'lab', 'can0'; IPAddress = '192.168.10.9' } }
            @{ Because = 'an address without a network'; Id = 'NetworkOptionConflict'; With = @{ Network = 'none'; IPAddress = '192.168.10.9' } }
            @{ Because = 'a network twice'; Id = 'NetworkOptionConflict'; With = @{ Network = 'lab', 'lab' } }
            @{ Because = 'a network beside none'; Id = 'NetworkOptionConflict'; With = @{ Network = 'none', 'lab' } }
            @{ Because = 'a network that is not there'; Id = 'NetworkNotFound'; With = @{ Network = 'nosuch' } }
            @{ Because = 'an option that is none'; Id = 'NetworkOptionInvalid'; With = @{ Network = 'name=lab,colour=red' } }
            @{ Because = 'a container that is not there'; Id = 'ContainerNotFound'; With = @{ Network = 'container:nosuch' } }
        ) {
            Get-CanErrorId { New-CanContainer busybox @With -Command true } | Should -Be $Id
            Get-CanErrorId { Invoke-CanContainer busybox @With -Command true } | Should -Be $Id
            Get-CanContainer | Should -BeNullOrEmpty
        }
    }

    Context 'IPv6' {
        BeforeAll {
            $outside = New-OutsideHost
            ip -6 addr add 2001:db8:ffff::1/64 dev $outside.Interface nodad
            $null = Invoke-Outside $outside 'sysctl -w net.ipv6.conf.eth0.accept_dad=0; ip -6 addr add 2001:db8:ffff::2/64 dev eth0'
        }
        BeforeEach {
            $network = New-CanNetwork six -IPv6 -Subnet 192.168.10.0/24
            $server = New-CanContainer busybox -Name server -Network six -Publish '[2001:db8:ffff::1]:8080:80', '[::]:8081:80', 8082:80 -Command sh, -c, 'exec nc -ll -p 80 -e echo hello'
            $null = New-CanContainer busybox -Name client -Network six -Command $sleeper
            Wait-Until { (Read-Tcp 127.0.0.1 8082) -eq 'hello' } 'the server listens'
        }
        AfterAll { Remove-OutsideHost $outside }

        It 'has addresses and a way out of both families' {
            $server.IPv6Address | Should -Match "^$($network.Subnet[1] -replace '::/64'):"
            Test-Ping client $server.IPv6Address -IPv6 | Should -BeTrue
            Test-Ping client 2001:db8:ffff::2 -IPv6 | Should -BeTrue
            Test-Ping client $outside.Address | Should -BeTrue
            @(Invoke-CanExec client -- ip -6 route) -match '^default via fd' | Should -HaveCount 1
        }
        It 'believes no router, and has no IPv6 at all on a network without' {
            Invoke-CanExec client -- cat /proc/sys/net/ipv6/conf/eth0/accept_ra | Should -Be 0
            $null = New-CanNetwork four
            Invoke-CanContainer busybox -Network four -- cat /proc/sys/net/ipv6/conf/eth0/disable_ipv6 | Should -Be 1
        }
        It 'publishes on a global address and on all, for neighbours, the host and containers' {
            foreach ($port in 8080, 8081) {
                Read-Tcp 2001:db8:ffff::1 $port | Should -Be hello -Because "the host asks for $port"
                Invoke-Outside $outside "nc -w 3 2001:db8:ffff::1 $port </dev/null" | Should -Be hello -Because "a neighbour asks for $port"
                Read-TcpFrom client 2001:db8:ffff::1 $port | Should -Be hello -Because "a container asks for $port"
            }
            Read-Tcp 127.0.0.1 8081 | Should -BeNullOrEmpty # :: is all of IPv6
        }
        It 'lets nobody in whom a neighbour''s route leads here' {
            $null = Invoke-Outside $outside "ip -6 route add $($network.Subnet[1]) via 2001:db8:ffff::1"
            Invoke-Outside $outside "nc -w 1 $($server.IPv6Address) 80 </dev/null" | Should -Not -Match hello
            $null = Invoke-Outside $outside "ip -6 route del $($network.Subnet[1])"
        }
    }

    Context 'Settings of a network' {
        It 'gives bridge and interfaces the MTU' {
            $network = New-CanNetwork small -Mtu 1300
            $null = New-CanContainer busybox -Name web -Network small -Command $sleeper
            Invoke-CanExec web -- cat /sys/class/net/eth0/mtu | Should -Be 1300
            @(ip -o link) -match "$($network.Interface)[:@].* mtu 1300 " | Should -Not -BeNullOrEmpty
        }
        It 'names the bridge as it is asked to' {
            $null = New-CanNetwork named -Option @{ interface = 'br-named' }
            $null = New-CanContainer busybox -Network named -Command $sleeper
            ip -o link show type bridge | Should -Match ' br-named: '
        }
        It 'takes a public subnet from whom it belongs to' {
            (New-CanNetwork public -Subnet 8.8.8.0/24 -Option public=true).Subnet | Should -Be 8.8.8.0/24
            Get-CanErrorId { New-CanNetwork other -Subnet 9.9.9.0/24 -Option public=maybe } | Should -Be NetworkOptionInvalid
        }
        It 'keeps labels and options' {
            $null = New-CanNetwork tagged -Label team=red, @{ stage = 'test' } -Option interface=br-tagged
            $network = Get-CanNetwork tagged
            $network.Labels['team'], $network.Labels['stage'] | Should -Be red, test
            $network.Options['interface'] | Should -Be br-tagged
        }
        It 'does not take an interface that is somebody else''s' {
            ip link add br-theirs type bridge
            try {
                $null = New-CanNetwork clash -Option interface=br-theirs
                Get-CanErrorId { New-CanContainer busybox -Network clash -Command true } | Should -Be NetworkInterfaceTaken
                Remove-CanNetwork clash
                ip -o link show type bridge | Should -Match ' br-theirs: '
            }
            finally { ip link del br-theirs }
        }
    }
}
