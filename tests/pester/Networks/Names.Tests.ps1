# How containers find each other, and the rest of the world, by name.
BeforeDiscovery {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    $own = Test-OwnNetwork
}
BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
    $sleeper = 'sleep', '100000'
    # What the C library makes of /etc/hosts and resolv.conf.
    function Get-Address([string] $Container, [string] $Name, [switch] $IPv6) {
        $lines = @(Invoke-CanExec $Container -Command sh, -c, "ping $($IPv6 ? '-6' : '-4') -c 1 -W 1 $Name 2>&1")
        $lines -cmatch '^PING' -replace '^PING .* \(([0-9a-f.:]+)\).*$', '$1'
    }
    function Resolve-Inside([string] $Container, [string] $Name) {
        (Invoke-CanExec $Container -Command sh, -c, "nslookup $Name 2>&1") -join "`n"
    }
}
AfterAll { Clear-CanTest }

Describe 'Names' -Skip:(-not $own) {
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }
    AfterAll { Get-CanNetwork | Remove-CanNetwork }

    Context 'Containers of <Network>' -ForEach @(@{ Network = 'can0' }, @{ Network = 'own' }) {
        BeforeAll { if ($Network -ne 'can0') { $null = New-CanNetwork $Network -IPv6 } }
        BeforeEach {
            $asker = New-CanContainer busybox -Name asker -Network $Network -Command $sleeper
            $other = New-CanContainer busybox -Name other -Network $Network -NetworkAlias alias, second.alias -Command $sleeper
        }

        It 'finds one by name, aliases and short Id as soon as it has started' -Tag Cgroup2 {
            foreach ($name in 'other', 'alias', 'second.alias', $other.ShortId) {
                Get-Address asker $name | Should -Be $other.IPAddress -Because $name
            }
            Get-Address other asker | Should -Be $asker.IPAddress
            Get-Address other other | Should -Be $other.IPAddress
        }
        It 'finds it by its new name, and no more by the old one' {
            Rename-CanContainer other renamed
            Get-Address asker renamed | Should -Be $other.IPAddress
            Get-Address asker alias | Should -Be $other.IPAddress
            Get-Address asker other | Should -BeNullOrEmpty
        }
        It 'finds it after a restart, and a removed one no more' {
            Restart-CanContainer other -Timeout 0
            Get-Address asker other | Should -Be $other.IPAddress
            Remove-CanContainer other -Force
            foreach ($name in 'other', 'alias', $other.ShortId) { Get-Address asker $name | Should -BeNullOrEmpty -Because $name }
        }
        It 'finds one that takes a removed one''s name at its address' {
            Remove-CanContainer other -Force
            $next = New-CanContainer busybox -Name other -Network $Network -Command $sleeper
            Get-Address asker other | Should -Be $next.IPAddress
        }
    }

    Context 'Several networks' {
        BeforeAll { $null = New-CanNetwork one, two }
        AfterAll { Remove-CanNetwork one, two }

        It 'finds those of a network that it joins at once, and no more when it has left' {
            $asker = New-CanContainer busybox -Name asker -Network one -Command $sleeper
            $far = New-CanContainer busybox -Name far -Network two -NetworkAlias distant -Command $sleeper
            Get-Address asker far | Should -BeNullOrEmpty

            $joined = Connect-CanNetwork two asker -NetworkAlias guest -PassThru
            Get-Address asker distant | Should -Be $far.IPAddress
            Get-Address far guest | Should -BeIn @((Invoke-CanExec asker -- ip -o -4 addr) -match 'eth1' -replace '.*inet ([0-9.]+)/.*', '$1')
            $joined.Networks | Should -Be one, two

            Disconnect-CanNetwork two asker
            Get-Address asker far | Should -BeNullOrEmpty
            Get-Address far guest | Should -BeNullOrEmpty
            Get-Address far asker | Should -BeNullOrEmpty
        }
    }

    Context 'IPv6' {
        BeforeAll { $null = New-CanNetwork six -IPv6 }
        AfterAll { Remove-CanNetwork six }

        It 'finds a container by its IPv6 address' {
            $null = New-CanContainer busybox -Name asker -Network six -Command $sleeper
            $other = New-CanContainer busybox -Name other -Network six -NetworkAlias alias -Command $sleeper
            foreach ($name in 'other', 'alias', $other.ShortId) {
                Get-Address asker $name -IPv6 | Should -Be $other.IPv6Address -Because $name
            }
        }
    }

    Context 'Lines of the caller''s own' {
        BeforeAll { $null = New-CanNetwork own2 -Subnet 192.168.10.0/24 }
        AfterAll { Remove-CanNetwork own2 }

        It 'has lines for /etc/hosts, and host-gateway for the host' {
            $null = New-CanContainer busybox -Name peer -Network own2 -Command $sleeper
            $null = New-CanContainer busybox -Name asker -Network own2 -AddHost db:198.51.100.9, gate=host-gateway, @{ Name = 'six'; Address = 'fd00::9' } -Command $sleeper
            $hosts = Invoke-CanExec asker -- cat /etc/hosts
            $hosts | Should -Contain "198.51.100.9`tdb"
            $hosts | Should -Contain "192.168.10.1`tgate"
            $hosts | Should -Contain "fd00::9`tsix"
            Get-Address asker gate | Should -Be 192.168.10.1
            Get-Address asker peer | Should -Be 192.168.10.2
            # It follows its network, though the file is its own.
            Rename-CanContainer peer renamed
            Get-Address asker renamed | Should -Be 192.168.10.2
            Get-Address asker peer | Should -BeNullOrEmpty
        }
        It 'has name servers, domains and options of its own' {
            $null = New-CanContainer busybox -Name asker -Network own2 -Dns 198.51.100.53, 2001:db8::53 -DnsSearch corp.example, lab.example -DnsOption ndots:2, timeout:1 -Command $sleeper
            Invoke-CanExec asker -- cat /etc/resolv.conf | Should -Be @(
                'nameserver 198.51.100.53', 'nameserver 2001:db8::53', 'search corp.example lab.example', 'options ndots:2 timeout:1')
        }
        It 'has no search domain for a dot' {
            $null = New-CanContainer busybox -Name asker -Network own2 -DnsSearch . -Command $sleeper
            Invoke-CanExec asker -- cat /etc/resolv.conf | Should -Not -Match '^search'
        }
        It 'refuses <Because>: <Id>' -ForEach @(
            @{ Because = 'a server that is no address'; Id = 'IPAddressInvalid'; With = @{ Dns = 'dns.example' } }
            @{ Because = 'a domain of two words'; Id = 'DnsOptionInvalid'; With = @{ DnsSearch = 'a b' } }
            @{ Because = 'an option of two words'; Id = 'DnsOptionInvalid'; With = @{ DnsOption = "ndots:1`nnameserver 1.2.3.4" } }
            @{ Because = 'a host without an address'; Id = 'HostEntryInvalid'; With = @{ AddHost = 'db' } }
            @{ Because = 'a host with a bad address'; Id = 'HostEntryInvalid'; With = @{ AddHost = 'db:1.2.3' } }
            @{ Because = 'a host with a bad name'; Id = 'HostEntryInvalid'; With = @{ AddHost = 'a b:1.2.3.4' } }
            @{ Because = 'an alias that is no name'; Id = 'NetworkAliasInvalid'; With = @{ NetworkAlias = 'a b' } }
            @{ Because = 'name servers for a shared network'; Id = 'NetworkOptionConflict'; With = @{ Network = 'container:x'; Dns = '192.0.2.1' } }
        ) {
            if (-not $With.ContainsKey('Network')) { $With = $With + @{ Network = 'own2' } }
            Get-CanErrorId { New-CanContainer busybox @With -Command true } | Should -Be $Id
            Get-CanContainer | Should -BeNullOrEmpty
        }
    }

    Context 'The host''s resolver' {
        BeforeAll {
            $null = New-CanNetwork out -Subnet 192.168.10.0/24
            $null = New-CanNetwork closed -Subnet 192.168.20.0/24 -Internal
            $null = New-CanNetwork further -Subnet 192.168.30.0/24
        }
        AfterEach { Stop-NameServer $server; $server = $null }
        AfterAll { Remove-CanNetwork out, closed, further }

        It 'resolves by a stub that listens on <Address>, wherever that was before' -ForEach @(@{ Address = '127.0.0.53' }, @{ Address = '127.0.0.1' }) {
            $server = Start-NameServer $Address @{ 'far.example' = '198.51.100.7' }
            $null = Invoke-WithResolver "nameserver $Address`noptions ndots:0`n" 'New-CanContainer busybox -Name asker -Network out -Command sleep, 100000'
            Invoke-CanExec asker -- cat /etc/resolv.conf | Should -Be 'nameserver 192.168.10.1', 'options ndots:0'
            Resolve-Inside asker far.example | Should -Match '198\.51\.100\.7'
        }
        It 'asks the servers that are reached as they are' {
            $null = Invoke-WithResolver "nameserver 198.51.100.53`nsearch corp.example`n" 'New-CanContainer busybox -Name asker -Network out -Command sleep, 100000'
            Invoke-CanExec asker -- cat /etc/resolv.conf | Should -Be 'nameserver 198.51.100.53', 'search corp.example'
        }
        It 'asks nobody from an internal network, until it leads out' {
            $server = Start-NameServer 127.0.0.53 @{ 'far.example' = '198.51.100.7' }
            $null = Invoke-WithResolver "nameserver 127.0.0.53`n" @'
                $null = New-CanContainer busybox -Name open -Network out -Command sleep, 100000
                $null = New-CanContainer busybox -Name asker -Network closed -CapAdd NET_ADMIN -Command sleep, 100000
'@
            Resolve-Inside open far.example | Should -Match '198\.51\.100\.7'
            Invoke-CanExec asker -- cat /etc/resolv.conf | Should -BeNullOrEmpty
            # Nor by its own gateway, nor by another network's.
            $null = Invoke-CanExec asker -- ip route add default via 192.168.20.1
            foreach ($gateway in '192.168.20.1', '192.168.10.1') {
                Resolve-Inside asker "far.example $gateway" | Should -Not -Match '198\.51\.100\.7'
            }
            $null = Invoke-CanExec asker -- ip route del default via 192.168.20.1

            $null = Invoke-WithResolver "nameserver 127.0.0.53`n" 'Connect-CanNetwork out asker'
            Resolve-Inside asker far.example | Should -Match '198\.51\.100\.7'
        }
        It 'asks by the gateway of the network that is left' {
            $server = Start-NameServer 127.0.0.53 @{ 'far.example' = '198.51.100.7' }
            $null = Invoke-WithResolver "nameserver 127.0.0.53`n" @'
                $null = New-CanContainer busybox -Name asker -Network out, further -Command sleep, 100000
                Disconnect-CanNetwork out asker
'@
            Invoke-CanExec asker -- cat /etc/resolv.conf | Should -Be 'nameserver 192.168.30.1'
            Resolve-Inside asker far.example | Should -Match '198\.51\.100\.7'
        }
    }
}
