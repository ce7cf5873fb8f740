# Who reaches whom: between containers and networks, out, in, and round by the host's own address. The rules alone, without
# containers, are tried by PublishingTests in tests/Can.Engine.Tests.
BeforeDiscovery {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    $own = Test-OwnNetwork
}
BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
    $greeter = 'sh', '-c', 'exec nc -ll -p 80 -e echo "hello from $(hostname)"'
    $sleeper = 'sleep', '100000'
    function Set-Sysctl([string] $Name, [string] $Value) { [IO.File]::WriteAllText("/proc/sys/$($Name.Replace('.', '/'))", $Value) }
    function Get-Sysctl([string] $Name) { [IO.File]::ReadAllText("/proc/sys/$($Name.Replace('.', '/'))").Trim() }
}
AfterAll { Clear-CanTest }

Describe 'Isolation' -Skip:(-not $own) {
    BeforeAll { $outside = New-OutsideHost }
    AfterEach {
        Get-CanContainer | Remove-CanContainer -Force
        Get-CanNetwork | Remove-CanNetwork
    }
    AfterAll { Remove-OutsideHost $outside }

    It 'reaches a published port by the host''s address from every container, br_netfilter <_>' -ForEach 0, 1 {
        if (-not (Test-Path /proc/sys/net/bridge)) { Set-ItResult -Skipped -Because 'this kernel has no br_netfilter' }
        Set-Sysctl net.bridge.bridge-nf-call-iptables $_
        try {
            $null = New-CanNetwork one, two
            $null = New-CanContainer busybox -Name server -Network one -Hostname server -Publish 0.0.0.0:8080:80 -Command $greeter
            $null = New-CanContainer busybox -Name sibling -Network one -Command $sleeper
            $null = New-CanContainer busybox -Name stranger -Network two -Command $sleeper
            Wait-Until { (Read-Tcp 127.0.0.1 8080) -eq 'hello from server' } 'the server listens'
            foreach ($container in 'sibling', 'stranger', 'server') {
                Read-TcpFrom $container $outside.Gateway 8080 | Should -Be 'hello from server' -Because $container
            }
            Read-TcpFrom sibling server 80 | Should -Be 'hello from server'
        }
        finally { Set-Sysctl net.bridge.bridge-nf-call-iptables 0 }
    }

    It 'keeps networks apart, but for containers on both' {
        $null = New-CanNetwork one, two
        $server = New-CanContainer busybox -Name server -Network one -Hostname server -Command $greeter
        $null = New-CanContainer busybox -Name stranger -Network two -Command $sleeper
        $null = New-CanContainer busybox -Name both -Network one, two -Command $sleeper
        Wait-Until { (Read-TcpFrom both server 80) -eq 'hello from server' } 'the server listens'
        Test-Ping both stranger | Should -BeTrue
        Read-TcpFrom stranger $server.IPAddress 80 -Seconds 1 | Should -BeNullOrEmpty
        Test-Ping stranger $server.IPAddress | Should -BeFalse
    }

    It 'keeps containers of an isolated network apart, br_netfilter <_>, and from nothing else' -ForEach 0, 1 {
        if (-not (Test-Path /proc/sys/net/bridge)) { Set-ItResult -Skipped -Because 'this kernel has no br_netfilter' }
        Set-Sysctl net.bridge.bridge-nf-call-iptables $_
        try {
            $null = New-CanNetwork cells -Isolate
            $server = New-CanContainer busybox -Name server -Network cells -Hostname server -Publish 0.0.0.0:8080:80 -Command $greeter
            $null = New-CanContainer busybox -Name inmate -Network cells -CapAdd NET_ADMIN -Command $sleeper
            Wait-Until { (Read-Tcp 127.0.0.1 8080) -eq 'hello from server' } 'the server listens'
            Invoke-Outside $outside "nc -w 3 $($outside.Gateway) 8080 </dev/null" | Should -Be 'hello from server'
            Test-Ping inmate $outside.Address | Should -BeTrue
            Test-Ping inmate server | Should -BeFalse
            Read-TcpFrom inmate server 80 -Seconds 1 | Should -BeNullOrEmpty
            # Nor by way of the gateway.
            $gateway = (Get-CanNetwork cells).Gateway[0]
            $null = Invoke-CanExec inmate -- ip route add "$($server.IPAddress)/32" via $gateway
            Read-TcpFrom inmate server 80 -Seconds 1 | Should -BeNullOrEmpty
        }
        finally { Set-Sysctl net.bridge.bridge-nf-call-iptables 0 }
    }

    It 'leads neither out of an internal network nor into it' -Tag Cgroup2 {
        $vault = New-CanNetwork vault -Internal
        $null = New-CanNetwork open
        $server = New-CanContainer busybox -Name server -Network vault -Hostname server -Publish 8080:80 -Command $greeter
        $null = New-CanContainer busybox -Name sibling -Network vault -CapAdd NET_ADMIN -Command $sleeper
        $null = New-CanContainer busybox -Name elsewhere -Network open -Hostname elsewhere -Publish 0.0.0.0:8081:80 -Command $greeter
        Wait-Until { (Read-TcpFrom sibling server 80) -eq 'hello from server' } 'the server listens'
        Wait-Until { (Read-Tcp 127.0.0.1 8081) -eq 'hello from elsewhere' } 'the other server listens'
        Invoke-CanExec sibling -- ip route | Should -Not -Match default

        # The host itself comes in by its loopback address.
        Read-Tcp 127.0.0.1 8080 | Should -Be 'hello from server'

        # Somebody inside who may change routes gets no further.
        $null = Invoke-CanExec sibling -- ip route add default via $vault.Gateway[0]
        Test-Ping sibling $outside.Address | Should -BeFalse
        Read-TcpFrom sibling $outside.Gateway 8081 -Seconds 1 | Should -BeNullOrEmpty
        Read-TcpFrom sibling (Get-CanContainer elsewhere).IPAddress 80 -Seconds 1 | Should -BeNullOrEmpty

        # A neighbour that routes its packets here gets in as little.
        $null = Invoke-Outside $outside "ip route add $($vault.Subnet[0]) via $($outside.Gateway)"
        try { Invoke-Outside $outside "nc -w 1 $($server.IPAddress) 80 </dev/null" | Should -Not -Match hello }
        finally { $null = Invoke-Outside $outside "ip route del $($vault.Subnet[0])" }
    }
    It 'publishes of an internal network on a loopback address alone: PublishOnInternal' {
        $null = New-CanNetwork vault -Internal
        foreach ($text in '0.0.0.0:8080:80', "$($outside.Gateway):8080:80") {
            $problem = Get-CanError { New-CanContainer busybox -Network vault -Publish $text -Command true }
            $problem.Id | Should -Be PublishOnInternal
            $problem.Message | Should -Match '127\.0\.0\.1'
        }
        $null = New-CanContainer busybox -Name server -Network vault -Command $sleeper
        Get-CanErrorId { Set-CanContainer server -Publish 0.0.0.0:8080:80 } | Should -Be PublishOnInternal
        (Set-CanContainer server -Publish 8080:80 -PassThru).Ports | Should -HaveCount 1
    }

    It 'drops what a neighbour routes to a container, to its host''s loopback address, or pretends to come from there' {
        $network = New-CanNetwork web
        $server = New-CanContainer busybox -Name server -Network web -Hostname server -Publish 8080:80 -Command $greeter
        Wait-Until { (Read-Tcp 127.0.0.1 8080) -eq 'hello from server' } 'the server listens'
        $null = Invoke-Outside $outside @"
            sysctl -w net.ipv4.conf.all.route_localnet=1; ip route add $($network.Subnet[0]) via $($outside.Gateway)
            ip addr del 127.0.0.1/8 dev lo; ip route add 127.0.0.1/32 via $($outside.Gateway)
"@
        try {
            Invoke-Outside $outside "nc -w 1 $($server.IPAddress) 80 </dev/null" | Should -Not -Match hello
            Invoke-Outside $outside 'nc -w 1 127.0.0.1 8080 </dev/null' | Should -Not -Match hello
            $listener = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 7777)
            $listener.Start()
            $null = Invoke-Outside $outside 'nc -w 1 127.0.0.1 7777 </dev/null'
            $listener.Pending() | Should -BeFalse
        }
        finally {
            if ($listener) { $listener.Stop() }
            $null = Invoke-Outside $outside "ip route del 127.0.0.1/32; ip addr add 127.0.0.1/8 dev lo; ip route del $($network.Subnet[0]); sysctl -w net.ipv4.conf.all.route_localnet=0"
        }
    }

    Context 'The host' {
        It 'has its settings changed only when that is needed, and is told' {
            $null = New-CanNetwork vault -Internal
            $null = New-CanNetwork open, again, six
            Remove-CanNetwork six
            $null = New-CanNetwork six -IPv6
            $forwarding = 'net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding'
            $forwarding | ForEach-Object { Set-Sysctl $_ 0 }
            $before = Get-Sysctl net.ipv4.conf.all.route_localnet

            $said = New-CanContainer busybox -Network vault -Verbose -Command $sleeper 4>&1
            "$said" | Should -Not -Match forward
            Get-Sysctl net.ipv4.ip_forward | Should -Be 0

            $said = New-CanContainer busybox -Network open -Verbose -Command $sleeper 4>&1
            "$said" | Should -Match 'Set net\.ipv4\.ip_forward to 1'
            "$said" | Should -Not -Match ipv6
            Get-Sysctl net.ipv4.ip_forward | Should -Be 1
            Get-Sysctl net.ipv6.conf.all.forwarding | Should -Be 0

            $said = New-CanContainer busybox -Network again -Verbose -Command $sleeper 4>&1
            "$said" | Should -Not -Match forward

            $said = New-CanContainer busybox -Network six -Verbose -Command $sleeper 4>&1
            "$said" | Should -Match 'Set net\.ipv6\.conf\.all\.forwarding to 1'
            Get-Sysctl net.ipv4.conf.all.route_localnet | Should -Be $before
        }
        It 'has its own tables left alone, and Can''s gone with the last network' {
            'table inet theirs { chain forward { type filter hook forward priority 10; policy accept; tcp dport 81 drop; }; }
             table ip nat { chain postrouting { type nat hook postrouting priority 100; policy accept; oifname "wan" masquerade; }; }' | nft -f -
            try {
                $before = nft list ruleset
                $null = New-CanNetwork one, two -IPv6
                $null = New-CanContainer busybox -Network one -Publish 80, 53/udp -Command $sleeper
                $null = New-CanContainer busybox -Network two -Command $sleeper
                $during = (nft list table inet theirs), (nft list table ip nat) | ForEach-Object { $_ }
                $during | Should -Be $before
                @(nft list tables) -match 'can' | Should -Be "table inet $(Get-CgroupName)"
                Get-CanContainer | Remove-CanContainer -Force
                Remove-CanNetwork one
                @(nft list tables) -match 'can' | Should -HaveCount 1
                Remove-CanNetwork two
                nft list ruleset | Should -Be $before
            }
            finally {
                nft delete table inet theirs
                nft delete table ip nat
            }
        }
        It 'is told the rules, each with its reason' {
            (New-CanNetwork one).Rules | Should -BeNullOrEmpty # there are none before they are needed
            $null = New-CanContainer busybox -Network one -Publish 8080:80 -Command $sleeper
            $rules = Get-CanNetwork one | Select-Object -ExpandProperty Rules
            $rules[0] | Should -Match "^table inet $(Get-CgroupName) "
            @($rules) -match '127\.0\.0\.1 \. tcp \. 8080 : ' | Should -HaveCount 1
            @($rules) -match '@within accept comment "containers of one network' | Should -HaveCount 1
        }
    }
}
