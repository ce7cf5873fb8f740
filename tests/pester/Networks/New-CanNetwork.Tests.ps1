BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest -NoImage
}
AfterAll { Clear-CanTest }

Describe 'New-CanNetwork' {
    AfterEach { Get-CanNetwork | Remove-CanNetwork }

    It 'makes a network with what was asked for' {
        $network = New-CanNetwork lab -Subnet 192.168.10.0/24, fd00:10::/64 -Gateway 192.168.10.254 -IPRange 192.168.10.128/25 -Mtu 1400 -Internal -Isolate -Label @{ a = 1 } -Option interface=br-lab
        $network.Name | Should -Be lab
        $network.Driver | Should -Be bridge
        $network.Subnet | Should -Be 192.168.10.0/24, fd00:10::/64
        $network.Gateway | Should -Be 192.168.10.254, fd00:10::1
        $network.IPRange | Should -Be 192.168.10.128/25
        $network.Mtu | Should -Be 1400
        $network.Internal | Should -BeTrue
        $network.Isolate | Should -BeTrue
        $network.IPv6 | Should -BeTrue
        $network.Interface | Should -Be br-lab
        $network.Labels['a'] | Should -Be 1
        "$network" | Should -Be lab
    }
    It 'chooses subnets that do not overlap, nor any of the host' {
        ip link add probe type bridge
        try {
            ip addr add 10.87.5.1/24 dev probe
            ip link set probe up
            $networks = 'one', 'two', 'three' | New-CanNetwork
            $networks.Subnet | Should -Be 10.87.0.0/22, 10.87.8.0/22, 10.87.12.0/22
        }
        finally {
            ip link del probe
        }
    }
    It 'chooses an IPv6 subnet when asked' {
        (New-CanNetwork lab -IPv6).Subnet | Should -HaveCount 2
        (Get-CanNetwork lab).Subnet[1] | Should -Match '^fd[0-9a-f:]+/64$'
    }
    It 'makes nothing with -WhatIf' {
        New-CanNetwork lab -WhatIf | Should -BeNullOrEmpty
        Get-CanNetwork | Should -BeNullOrEmpty
    }
    It 'refuses <Because>: <Id>' -ForEach @(
        @{ Because = 'a taken name'; Id = 'NetworkExists'; With = @{ Name = 'taken' } }
        @{ Because = 'a bad name'; Id = 'NetworkNameInvalid'; With = @{ Name = '../x' } }
        @{ Because = 'a word with a meaning'; Id = 'NetworkNameInvalid'; With = @{ Name = 'host' } }
        @{ Because = 'another driver'; Id = 'NetworkDriverUnknown'; With = @{ Name = 'lab'; Driver = 'overlay' } }
        @{ Because = 'an overlap'; Id = 'NetworkSubnetInUse'; With = @{ Name = 'lab'; Subnet = '192.168.0.0/16' } }
        @{ Because = 'bits beyond the prefix'; Id = 'NetworkSubnetInvalid'; With = @{ Name = 'lab'; Subnet = '192.168.11.1/24' } }
        @{ Because = 'no room'; Id = 'NetworkSubnetTooSmall'; With = @{ Name = 'lab'; Subnet = '192.168.11.0/31' } }
        @{ Because = 'a public subnet'; Id = 'NetworkSubnetPublic'; With = @{ Name = 'lab'; Subnet = '8.8.8.0/24' } }
        @{ Because = 'a gateway elsewhere'; Id = 'NetworkGatewayInvalid'; With = @{ Name = 'lab'; Subnet = '192.168.11.0/24'; Gateway = '192.168.12.1' } }
        @{ Because = 'a range elsewhere'; Id = 'NetworkIPRangeInvalid'; With = @{ Name = 'lab'; Subnet = '192.168.11.0/24'; IPRange = '192.168.12.0/25' } }
        @{ Because = 'a small MTU'; Id = 'NetworkMtuInvalid'; With = @{ Name = 'lab'; Mtu = 20 } }
        @{ Because = 'a long interface name'; Id = 'NetworkInterfaceInvalid'; With = @{ Name = 'lab'; Option = @{ interface = 'sixteen-letters-' } } }
        @{ Because = 'a taken interface'; Id = 'NetworkInterfaceTaken'; With = @{ Name = 'lab'; Option = @{ interface = 'br-taken' } } }
        @{ Because = 'an unknown option'; Id = 'NetworkOptionInvalid'; With = @{ Name = 'lab'; Option = @{ colour = 'red' } } }
    ) {
        $null = New-CanNetwork taken -Subnet 192.168.44.0/24 -Option interface=br-taken
        $problem = Get-CanError { New-CanNetwork @With }
        $problem.Id | Should -Be $Id
        $problem.Message | Should -Not -BeNullOrEmpty
        (Get-CanNetwork).Name | Should -Be taken
    }
}
