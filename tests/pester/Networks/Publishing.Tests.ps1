# Published ports: which, who may have them, and what changes while a container runs. Who reaches them is in Isolation and Networking.
BeforeDiscovery {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    $own = Test-OwnNetwork
}
BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
    $greeter = 'sh', '-c', 'exec nc -ll -p 80 -e echo "hello from $(hostname)"'
    $sleeper = 'sleep', '100000'

    # The errno name, or nothing, of a bind with socket options of SOL_SOCKET set.
    function Test-Bind([string] $Address, [int] $Port, [string] $Protocol = 'Tcp', [int[]] $Option = @()) {
        $socket = [Net.Sockets.Socket]::new('InterNetwork', ($Protocol -eq 'Tcp' ? 'Stream' : 'Dgram'), $Protocol)
        try {
            $Option | ForEach-Object { $socket.SetRawSocketOption(1, $_, [BitConverter]::GetBytes(1)) }
            $socket.Bind([Net.IPEndPoint]::new([ipaddress] $Address, $Port))
            if ($Protocol -eq 'Tcp') { $socket.Listen(1) }
        }
        catch [Net.Sockets.SocketException] { $_.Exception.SocketErrorCode }
        finally { $socket.Dispose() }
    }
    function Get-PortText($Container) { @($Container.Ports | ForEach-Object { "$_" }) }
}
AfterAll { Clear-CanTest }

Describe 'Publishing' -Skip:(-not $own) {
    BeforeAll { $null = New-CanNetwork web -Subnet 192.168.10.0/24 }
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }
    AfterAll { Get-CanNetwork | Remove-CanNetwork }

    Context 'Which ports' {
        It 'takes <Text> for <Expected>' -ForEach @(
            @{ Text = '8080:80'; Expected = , '127.0.0.1:8080:80/tcp' }
            @{ Text = '0.0.0.0:8080:80/udp'; Expected = , '0.0.0.0:8080:80/udp' }
            @{ Text = '8000-8002:80-82'; Expected = '127.0.0.1:8000:80/tcp', '127.0.0.1:8001:81/tcp', '127.0.0.1:8002:82/tcp' }
            @{ Text = '8080:80', '8080:80/udp'; Expected = '127.0.0.1:8080:80/tcp', '127.0.0.1:8080:80/udp' }
            @{ Text = @{ HostPort = 8080; ContainerPort = 80; Address = '0.0.0.0'; Protocol = 'udp' }; Expected = , '0.0.0.0:8080:80/udp' }
        ) {
            Get-PortText (New-CanContainer busybox -Network web -Publish $Text -Command $sleeper) | Should -Be $Expected
        }
        It 'picks a free port for <Text> and says which' -ForEach @(@{ Text = '80' }, @{ Text = '0:80' }, @{ Text = ':80' }, @{ Text = '127.0.0.1::80' }, @{ Text = 80 }) {
            $container = New-CanContainer busybox -Name server -Network web -Hostname server -Publish $Text -Command $greeter
            $port = $container.Ports[0]
            $port.HostPort | Should -BeGreaterThan 1023
            Wait-Until { (Read-Tcp 127.0.0.1 $port.HostPort) -eq 'hello from server' } 'the server listens'
            $container | Format-List * | Out-String | Should -Match "127\.0\.0\.1:$($port.HostPort):80/tcp"
        }
        It 'picks for every port of a range' {
            $container = New-CanContainer busybox -Network web -Publish 80-89 -Command $sleeper
            $container.Ports | Should -HaveCount 10
            $container.Ports.ContainerPort | Should -Be (80..89)
            $container.Ports.HostPort | Sort-Object -Unique | Should -HaveCount 10
        }
        It 'publishes every exposed port that is not published yet' {
            $null = Import-CanImage (Get-BusyboxRoot) -Reference exposing -Change 'EXPOSE 80 53/udp'
            $container = New-CanContainer exposing -Network web -PublishAll -Expose 9000-9001 -Publish 8080:80 -Command $sleeper
            $container.ExposedPorts | Should -Be 53/udp, 80/tcp, 9000/tcp, 9001/tcp
            $container.Ports | ForEach-Object { "$($_.Address) $($_.ContainerEnd)" } | Sort-Object |
                Should -Be '127.0.0.1 53/udp', '127.0.0.1 80/tcp', '127.0.0.1 9000/tcp', '127.0.0.1 9001/tcp'
            ($container.Ports | Where-Object ContainerPort -eq 80).HostPort | Should -Be 8080
            (New-CanContainer exposing -Network web -Expose 9000 -Command $sleeper).Ports | Should -BeNullOrEmpty
            Get-CanErrorId { New-CanContainer busybox -Network none -PublishAll } | Should -Be NetworkOptionConflict
            Get-CanErrorId { New-CanContainer busybox -Expose 0 } | Should -Be PortInvalid
        }
        It 'picks the first free one of a range for one port' {
            $null = New-CanContainer busybox -Network web -Publish 8100:80 -Command $sleeper
            Get-PortText (New-CanContainer busybox -Network web -Publish 8100-8101:80 -Command $sleeper) | Should -Be 127.0.0.1:8101:80/tcp
            Get-CanErrorId { New-CanContainer busybox -Network web -Publish 8100-8101:80 -Command $sleeper } | Should -Be PortInUse
        }
        It 'refuses <Text>: <Id>' -ForEach @(
            @{ Text = '65536:80'; Id = 'PortInvalid' }, @{ Text = '80:0'; Id = 'PortInvalid' }, @{ Text = '-1:80'; Id = 'PortInvalid' }
            @{ Text = '8000-8001:80-82'; Id = 'PortInvalid' }, @{ Text = '82-80'; Id = 'PortInvalid' }, @{ Text = '80:80/icmp'; Id = 'PortInvalid' }
            @{ Text = 'localhost:80:80'; Id = 'IPAddressInvalid' }, @{ Text = '198.51.100.1:80:80'; Id = 'PublishAddressNotFound' }
            @{ Text = '[fd00::1]:80:80'; Id = 'PublishNeedsIPv6' }, @{ Text = @{ HostPort = 80 }; Id = 'PortInvalid' }
        ) {
            Get-CanErrorId { New-CanContainer busybox -Network web -Publish $Text -Command true } | Should -Be $Id
        }
        It 'says why not on ::1' {
            (Get-CanError { New-CanContainer busybox -Network web -Publish '[::1]:80:80' -Command true }).Message | Should -Match '::1 cannot.*127\.0\.0\.1'
        }
        It 'refuses ports without a network of the container''s own: -Network <_>' -ForEach 'none', 'host', 'container:x' {
            Get-CanErrorId { New-CanContainer busybox -Network $_ -Publish 80 -Command true } | Should -Be NetworkOptionConflict
        }
    }

    Context 'The plan' {
        It 'shows each message of the wiring, <How>' -ForEach @(
            @{ How = 'of Get-CanStartPlan'; Show = { Get-CanStartPlan busybox -Network web -Publish 80, 0.0.0.0:8090:80/udp -Command true } }
            @{ How = 'with -WhatIf'; Show = { New-CanContainer busybox -Network web -Publish 80, 0.0.0.0:8090:80/udp -WhatIf -Command true 6>&1 } }
        ) {
            $text = & $Show | Out-String -Width 1000
            foreach ($part in 'make veth \w+RUN.* with eth0 in NETWORK', 'add address 192\.168\.10\.\d+/24 to eth0', 'add route default via 192\.168\.10\.1',
                'have 127\.0\.0\.1:PORT/tcp → 192\.168\.10\.\d+:80', 'remove 0\.0\.0\.0:8090/udp → 192\.168\.10\.\d+:80', 'hold the sockets of 2 published ports') {
                $text | Should -Match $part
            }
            Get-CanContainer | Should -BeNullOrEmpty
        }
    }

    Context 'Reservation' {
        It 'refuses a port that another program has, and leaves nothing' {
            $listener = [Net.Sockets.TcpListener]::new([ipaddress]::Any, 8080)
            $listener.Start()
            try {
                $before = Get-CanTrace
                $problem = Get-CanError { New-CanContainer busybox -Network web -Publish 80, 8080:80 -Command $sleeper }
                $problem.Id | Should -Be PortInUse
                $problem.Message | Should -Match '8080/tcp of 127\.0\.0\.1'
                Compare-CanTrace $before | Should -BeNullOrEmpty
            }
            finally { $listener.Stop() }
        }
        It 'lets no program have <Protocol> port 8080, whatever options it sets' -ForEach @(@{ Protocol = 'Tcp' }, @{ Protocol = 'Udp' }) {
            $container = New-CanContainer busybox -Network web -Publish "8080:80/$($Protocol.ToLower())" -Command $sleeper
            foreach ($options in @(), @(2), @(15), @(2, 15)) { # SO_REUSEADDR, SO_REUSEPORT
                Test-Bind 127.0.0.1 8080 $Protocol $options | Should -Be AddressAlreadyInUse
                Test-Bind 0.0.0.0 8080 $Protocol $options | Should -Be AddressAlreadyInUse
            }
            Suspend-CanContainer $container.Name
            Test-Bind 127.0.0.1 8080 $Protocol | Should -Be AddressAlreadyInUse
            Resume-CanContainer $container.Name
            Stop-CanContainer $container.Name -Force
            Test-Bind 127.0.0.1 8080 $Protocol | Should -BeNullOrEmpty
        }
        It 'keeps port and address while the monitor runs the container again by itself' -Tag Cgroup2 {
            $server = New-CanContainer busybox -Name server -Network web -Hostname server -Publish 80 -RestartPolicy always -Command $greeter
            $port = $server.Ports[0].HostPort
            Wait-Until { (Read-Tcp 127.0.0.1 $port) -eq 'hello from server' } 'the server listens'
            kill -9 $server.ProcessId
            Test-Bind 127.0.0.1 $port | Should -Be AddressAlreadyInUse
            Wait-Until { (Get-CanContainer server).RestartCount -eq 1 -and (Get-CanContainer server).State -eq 'Running' } 'it runs again'
            (Get-CanContainer server).IPAddress | Should -Be $server.IPAddress
            Get-PortText (Get-CanContainer server) | Should -Be "$($server.Ports[0])"
            Wait-Until { (Read-Tcp 127.0.0.1 $port) -eq 'hello from server' } 'the server listens again'
        }
    }

    Context 'Ports of a running container' {
        BeforeEach {
            $server = New-CanContainer busybox -Name server -Network web -Hostname server -Publish 8080:80 -RestartPolicy always -Command $greeter
            Wait-Until { (Read-Tcp 127.0.0.1 8080) -eq 'hello from server' } 'the server listens'
        }

        It 'adds some and takes others, which later runs keep' {
            $changed = Set-CanContainer server -Publish 0.0.0.0:8090:80, 8091-8092:80-81 -Unpublish 8080:80 -PassThru
            Get-PortText $changed | Should -Be 0.0.0.0:8090:80/tcp, 127.0.0.1:8091:80/tcp, 127.0.0.1:8092:81/tcp
            Read-Tcp 127.0.0.1 8091 | Should -Be 'hello from server'
            Test-Bind 127.0.0.1 8080 | Should -BeNullOrEmpty

            kill -9 $server.ProcessId
            Wait-Until { (Read-Tcp 127.0.0.1 8090) -eq 'hello from server' } 'the monitor has run it again'
            Restart-CanContainer server -Timeout 0
            Wait-Until { (Read-Tcp 127.0.0.1 8090) -eq 'hello from server' } 'it has been restarted'
            Get-PortText (Get-CanContainer server) | Should -Be (Get-PortText $changed)
            Remove-CanContainer server -Force
            8080, 8090, 8091, 8092 | ForEach-Object { Test-Bind 127.0.0.1 $_ | Should -BeNullOrEmpty }
            (Get-CanNetwork web).Rules -join ' ' | Should -Not -Match 'tcp \. \d'
        }
        It 'takes a port by the container''s, whatever port of the host leads to it' {
            Get-PortText (Set-CanContainer server -Unpublish 80 -PassThru) | Should -BeNullOrEmpty
            Read-Tcp 127.0.0.1 8080 | Should -BeNullOrEmpty
        }
        It 'takes containers from a pipeline, and picks a port for each' {
            $null = New-CanContainer busybox -Name second -Network web -Command $sleeper
            (Get-CanContainer | Set-CanContainer -Publish 81 -PassThru).Ports.HostPort | Sort-Object -Unique | Should -HaveCount 3
        }
        It 'changes nothing with -WhatIf' {
            Set-CanContainer server -Publish 8090:80 -Unpublish 80 -WhatIf
            Get-PortText (Get-CanContainer server) | Should -Be 127.0.0.1:8080:80/tcp
        }
        It 'publishes of one that does not run from its next start on' {
            Stop-CanContainer server -Force
            Set-CanContainer server -Publish 8090:80
            (Get-CanContainer server).Ports | Should -BeNullOrEmpty
            Test-Bind 127.0.0.1 8090 | Should -BeNullOrEmpty
            Get-PortText (Start-CanContainer server -PassThru) | Should -Be 127.0.0.1:8080:80/tcp, 127.0.0.1:8090:80/tcp
        }
        It 'makes the table again that somebody has flushed' {
            nft flush ruleset
            Set-CanContainer server -Publish 8090:80
            Read-Tcp 127.0.0.1 8080 | Should -Be 'hello from server'
            Read-Tcp 127.0.0.1 8090 | Should -Be 'hello from server'
        }
        It 'refuses <Because> and changes nothing: <Id>' -ForEach @(
            @{ Because = 'a port it has'; Id = 'PortDuplicate'; With = @{ Publish = '8080:81' } }
            @{ Because = 'a port twice'; Id = 'PortDuplicate'; With = @{ Publish = '8090:80', '0.0.0.0:8090:81' } }
            @{ Because = 'a busy port'; Id = 'PortInUse'; With = @{ Publish = '8090:80', '7777:80' } }
            @{ Because = 'an address of another host'; Id = 'PublishAddressNotFound'; With = @{ Publish = '198.51.100.1:80:80' } }
            @{ Because = 'IPv6 where there is none'; Id = 'PublishNeedsIPv6'; With = @{ Publish = '[::]:80:80' } }
            @{ Because = 'what is not published'; Id = 'PortNotPublished'; With = @{ Unpublish = '8081:80' } }
            @{ Because = 'a protocol that is not published'; Id = 'PortNotPublished'; With = @{ Unpublish = '8080:80/udp' } }
        ) {
            $listener = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 7777)
            $listener.Start()
            try { Get-CanErrorId { Set-CanContainer server @With } | Should -Be $Id }
            finally { $listener.Stop() }
            Get-PortText (Get-CanContainer server) | Should -Be 127.0.0.1:8080:80/tcp
            Test-Bind 127.0.0.1 8090 | Should -BeNullOrEmpty
            Read-Tcp 127.0.0.1 8080 | Should -Be 'hello from server'
        }
        It 'refuses ports of a container without a network of its own' {
            $null = New-CanContainer busybox -Name lonely -Network none -Command $sleeper
            Get-CanErrorId { Set-CanContainer lonely -Publish 80 } | Should -Be NetworkOptionConflict
        }
    }

    Context 'SCTP' {
        BeforeAll {
            $serve = 'socket(S,2,1,132) && setsockopt(S,1,2,1) && bind(S,sockaddr_in(80,INADDR_ANY)) && listen(S,5) || die $!; while(accept(C,S)){syswrite C,"hello by sctp\n"; close C}'
            $ask = 'alarm 5; socket(S,2,1,132) || die $!; connect(S,sockaddr_in($ARGV[1],inet_aton($ARGV[0]))) || die $!; sysread S,$x,100; print $x'
            perl -MSocket -e 'socket(S,2,1,132) || exit 1' 2>$null
            $hasSctp = $LASTEXITCODE -eq 0
        }

        It 'says that the kernel has none' {
            if ($hasSctp) { Set-ItResult -Skipped -Because 'this kernel has SCTP' }
            $problem = Get-CanError { New-CanContainer busybox -Network web -Publish 8080:80/sctp -Command $sleeper }
            $problem.Id | Should -Be ProtocolNotSupported
            $problem.Message | Should -Match 'kernel module sctp'
            Get-CanContainer | Should -BeNullOrEmpty
        }
        It 'leads to the container' -Tag Cgroup2 {
            if (-not $hasSctp) { Set-ItResult -Skipped -Because 'this kernel has no SCTP' }
            $container = New-CanContainer busybox -Network web -Publish 8080:80/sctp -Command $sleeper
            Get-PortText $container | Should -Be 127.0.0.1:8080:80/sctp
            Set-Content "$TestDrive/server.pl" "use Socket; $serve"
            $server = Start-Process nsenter -ArgumentList '--net', '--target', $container.ProcessId, 'perl', "$TestDrive/server.pl" -PassThru
            try { Wait-Until { (perl -MSocket -e $ask 127.0.0.1 8080 2>$null) -eq 'hello by sctp' } 'the server answers' }
            finally { $server | Stop-Process -Force }
        }
    }
}
