BeforeDiscovery {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    $own = Test-OwnNetwork
}
BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
    $sleeper = 'sleep', '100000'
    function Get-DefaultRoute([string] $Container) { @(Invoke-CanExec $Container -- ip route) -match '^default' }
}
AfterAll { Clear-CanTest }

Describe 'Connect-CanNetwork' {
    BeforeAll { $null = New-CanNetwork front, back }
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    # What does not run needs no network of the host.
    Context 'Containers that do not run' {
        BeforeEach { $web, $worker = 'web', 'worker' | ForEach-Object { New-CanContainer busybox -Name $_ -Network front -NoStart -Command $sleeper } }

        It 'takes names and patterns, by position and from a pipeline' {
            Connect-CanNetwork back w* | Should -BeNullOrEmpty
            (Get-CanNetwork back).Containers | Should -Be web, worker
            Disconnect-CanNetwork back web, worker
            'web', 'worker' | Connect-CanNetwork back
            (Get-CanNetwork back).Containers | Should -Be web, worker
        }
        It 'takes Ids, and objects from near and far' {
            Connect-CanNetwork back -Id $web.ShortId
            $worker | Connect-CanNetwork back
            (Get-CanNetwork back).Containers | Should -Be web, worker
            Disconnect-CanNetwork back w*
            ConvertTo-Remote $web | Connect-CanNetwork -Network back
            (Get-CanNetwork back).Containers | Should -Be web
        }
        It 'emits the containers with -PassThru, the new network last' {
            $changed = Get-CanContainer | Connect-CanNetwork back -PassThru
            $changed | Should -HaveCount 2
            $changed[0] | Should -BeOfType Can.Engine.Containers.Container
            $changed[0].Networks | Should -Be front, back
        }
        It 'knows Docker''s name for the default network' {
            (Connect-CanNetwork bridge web -PassThru).Networks | Should -Be front, can0
        }
        It 'changes nothing with -WhatIf' {
            Connect-CanNetwork back web -WhatIf
            (Get-CanContainer web).Networks | Should -Be front
        }
        It 'goes on after an error' {
            Connect-CanNetwork back nosuch, web -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem.FullyQualifiedErrorId | Should -BeLike 'ContainerNotFound,*'
            (Get-CanContainer web).Networks | Should -Be front, back
        }
        It 'completes networks and containers' {
            (TabExpansion2 'Connect-CanNetwork b' 20).CompletionMatches.CompletionText | Should -Be back
            (TabExpansion2 'Connect-CanNetwork back we' 26).CompletionMatches.CompletionText | Should -Be web
        }
        It 'refuses <Because>: <Id>' -ForEach @(
            @{ Because = 'a network twice'; Id = 'NetworkAlreadyConnected'; Category = 'ResourceExists'; With = @{ Network = 'front' } }
            @{ Because = 'no network'; Id = 'NetworkNotFound'; Category = 'ObjectNotFound'; With = @{ Network = 'nosuch' } }
            @{ Because = 'no container'; Id = 'ContainerNotFound'; Category = 'ObjectNotFound'; With = @{ Name = 'nosuch' } }
            @{ Because = 'a bad address'; Id = 'IPAddressInvalid'; Category = 'InvalidArgument'; With = @{ IPAddress = '10.1' } }
            @{ Because = 'an address elsewhere'; Id = 'IPAddressOutside'; Category = 'InvalidArgument'; With = @{ IPAddress = '198.51.100.7' } }
            @{ Because = 'IPv6 where there is none'; Id = 'IPAddressOutside'; Category = 'InvalidArgument'; With = @{ IPAddress = 'fd00::7' } }
            @{ Because = 'two addresses of one family'; Id = 'NetworkOptionConflict'; Category = 'InvalidArgument'; With = @{ IPAddress = '10.0.0.1', '10.0.0.2' } }
            @{ Because = 'a bad hardware address'; Id = 'MacAddressInvalid'; Category = 'InvalidArgument'; With = @{ MacAddress = '01:00:5e:00:00:01' } }
            @{ Because = 'a bad alias'; Id = 'NetworkAliasInvalid'; Category = 'InvalidArgument'; With = @{ NetworkAlias = 'a b' } }
        ) {
            $network = $With.Network ?? 'back'
            $name = $With.Name ?? 'web'
            'Network', 'Name' | ForEach-Object { $With.Remove($_) }
            $problem = Get-CanError { Connect-CanNetwork $network $name @With }
            $problem.Id | Should -Be $Id
            $problem.Category | Should -Be $Category
            (Get-CanContainer web).Networks | Should -Be front
        }
        It 'refuses an address that is taken, and one more container than there is room for' {
            $null = New-CanNetwork tight -Subnet 192.168.77.0/30
            Connect-CanNetwork tight web -IPAddress 192.168.77.2
            Get-CanErrorId { Connect-CanNetwork tight worker -IPAddress 192.168.77.2 } | Should -Be IPAddressTaken
            Disconnect-CanNetwork tight web
            Connect-CanNetwork tight worker -IPAddress 192.168.77.2
        }
        It 'refuses a container without networks of its own' {
            $null = New-CanContainer busybox -Name lonely -Network none -NoStart -Command true
            $problem = Get-CanError { Connect-CanNetwork back lonely }
            $problem.Id | Should -Be NetworkOptionConflict
            $problem.Target.Name ?? $problem.Target | Should -Be lonely
        }
    }

    Context 'Containers that run' -Skip:(-not $own) {
        BeforeAll { $null = New-CanNetwork lab -Subnet 192.168.10.0/24, fd00:10::/64; $null = New-CanNetwork other -Subnet 192.168.20.0/24 }

        It 'gives one an interface with what was asked for, and keeps that over restarts' -Tag Cgroup2 {
            $null = New-CanContainer busybox -Name web -Network other -Command $sleeper
            Connect-CanNetwork lab web -IPAddress 192.168.10.77, fd00:10::77 -MacAddress 02-00-00-00-00-77 -NetworkAlias guest -Priority 5
            foreach ($moment in 'at once', 'after a restart') {
                $addresses = Invoke-CanExec web -- ip -o addr show eth1
                $addresses -match 'inet 192\.168\.10\.77/24' | Should -HaveCount 1 -Because $moment
                $addresses -match 'inet6 fd00:10::77/64' | Should -HaveCount 1 -Because $moment
                Invoke-CanExec web -- cat /sys/class/net/eth1/address | Should -Be 02:00:00:00:00:77
                Get-DefaultRoute web | Should -Be 'default via 192.168.10.1 dev eth1 '
                $null = New-CanContainer busybox -Name peer -Network lab -Command $sleeper
                Test-Ping peer guest | Should -BeTrue -Because $moment
                Test-Ping peer guest -IPv6 | Should -BeTrue -Because $moment
                Remove-CanContainer peer -Force
                Restart-CanContainer web -Timeout 0
            }
        }
        It 'leaves nothing where the names cannot follow' {
            $null = New-CanContainer busybox -Name web -Network other -Privileged -Command $sleeper
            Invoke-CanExec web -- sh -c 'umount /etc/hosts && rm -f /etc/hosts'
            foreach ($again in 1, 2) {
                Get-CanErrorId { Connect-CanNetwork lab web } | Should -Not -BeNullOrEmpty
                Invoke-CanExec web -- ls /sys/class/net | Should -Be eth0, lo
                (Get-CanContainer web).Networks | Should -Be other
            }
            Remove-CanNetwork lab -Confirm:$false
            $null = New-CanNetwork lab -Subnet 192.168.10.0/24, fd00:10::/64
        }
        It 'leaves the default route where the priorities are equal' {
            $null = New-CanContainer busybox -Name web -Network other -Command $sleeper
            Connect-CanNetwork lab web
            Get-DefaultRoute web | Should -Be 'default via 192.168.20.1 dev eth0 '
            Restart-CanContainer web -Timeout 0
            Get-DefaultRoute web | Should -Be 'default via 192.168.20.1 dev eth0 '
        }
        It 'holds when the monitor runs the container again by itself' {
            $web = New-CanContainer busybox -Name web -Network other -RestartPolicy always -Command $sleeper
            Connect-CanNetwork lab web -IPAddress 192.168.10.77 -NetworkAlias guest
            kill -9 $web.ProcessId
            Wait-Until { (Get-CanContainer web).State -eq 'Running' -and (Get-CanContainer web).ProcessId -ne $web.ProcessId } 'the monitor has run it again'
            $null = New-CanContainer busybox -Name peer -Network lab -Command $sleeper
            Test-Ping peer guest | Should -BeTrue
            Invoke-CanExec web -- ls /sys/class/net | Should -Be eth0, eth1, lo
        }
        It 'leads out of an internal network' {
            $null = New-CanNetwork vault -Internal
            $null = New-CanContainer busybox -Name web -Network vault -Command $sleeper
            Get-DefaultRoute web | Should -BeNullOrEmpty
            Connect-CanNetwork other web
            Get-DefaultRoute web | Should -Be 'default via 192.168.20.1 dev eth1 '
            Disconnect-CanNetwork other web
            Get-DefaultRoute web | Should -BeNullOrEmpty
        }
        It 'leaves nothing of an attempt that fails' {
            $first = New-CanContainer busybox -Name first -Network lab -Command $sleeper
            $null = New-CanContainer busybox -Name web -Network other -Command $sleeper
            $before = Get-CanTrace
            Get-CanErrorId { Connect-CanNetwork lab web -IPAddress $first.IPAddress } | Should -Be IPAddressTaken
            Compare-CanTrace $before | Should -BeNullOrEmpty
            Invoke-CanExec web -- ls /sys/class/net | Should -Be eth0, lo
            (Get-CanContainer web).Networks | Should -Be other
        }
    }
}
