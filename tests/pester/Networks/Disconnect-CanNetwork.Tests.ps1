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

Describe 'Disconnect-CanNetwork' {
    BeforeAll {
        $null = New-CanNetwork front -Subnet 192.168.10.0/24
        $null = New-CanNetwork back -Subnet 192.168.20.0/24
    }
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    Context 'Containers that do not run' {
        BeforeEach { $web, $worker = 'web', 'worker' | ForEach-Object { New-CanContainer busybox -Name $_ -Network front, back -NoStart -Command $sleeper } }

        It 'takes names, patterns, Ids and objects' {
            Disconnect-CanNetwork back w* | Should -BeNullOrEmpty
            (Get-CanNetwork back).Containers | Should -BeNullOrEmpty
            Connect-CanNetwork back web, worker
            'web' | Disconnect-CanNetwork back
            Disconnect-CanNetwork back -Id $worker.ShortId
            (Get-CanNetwork back).Containers | Should -BeNullOrEmpty
            Connect-CanNetwork back web, worker
            $web | Disconnect-CanNetwork back
            ConvertTo-Remote $worker | Disconnect-CanNetwork -Network back
            (Get-CanNetwork back).Containers | Should -BeNullOrEmpty
        }
        It 'emits the containers with -PassThru' { (Get-CanContainer | Disconnect-CanNetwork back -PassThru).Networks | Should -Be front, front }
        It 'changes nothing with -WhatIf' {
            Disconnect-CanNetwork back web -WhatIf
            (Get-CanContainer web).Networks | Should -Be front, back
        }
        It 'frees the network for its removal' {
            $null = New-CanNetwork gone
            Connect-CanNetwork gone web
            Get-CanErrorId { Remove-CanNetwork gone } | Should -Be NetworkInUse
            Disconnect-CanNetwork gone web
            Remove-CanNetwork gone
        }
        It 'completes networks and containers' {
            (TabExpansion2 'Disconnect-CanNetwork f' 23).CompletionMatches.CompletionText | Should -Be front
            (TabExpansion2 'Disconnect-CanNetwork front wo' 30).CompletionMatches.CompletionText | Should -Be worker
        }
        It 'refuses <Because>: <Id>' -ForEach @(
            @{ Because = 'a network it is not on'; Id = 'NetworkNotConnected'; Category = 'InvalidOperation'; Arguments = 'nosuch', 'web' }
            @{ Because = 'no container'; Id = 'ContainerNotFound'; Category = 'ObjectNotFound'; Arguments = 'back', 'nosuch' }
        ) {
            $problem = Get-CanError { Disconnect-CanNetwork @Arguments }
            $problem.Id | Should -Be $Id
            $problem.Category | Should -Be $Category
            $problem.Message | Should -Match ($Id -eq 'NetworkNotConnected' ? 'front, back' : 'nosuch')
        }
    }

    Context 'Containers that run' -Skip:(-not $own) {
        It 'takes interface, address and names at once, and gives the default route to another' {
            $web = New-CanContainer busybox -Name web -Network front, back -Command $sleeper
            $null = New-CanContainer busybox -Name peer -Network front -Command $sleeper
            Test-Ping peer web | Should -BeTrue
            Disconnect-CanNetwork front web
            Test-Ping peer web | Should -BeFalse
            Invoke-CanExec web -- ls /sys/class/net | Should -Be eth1, lo
            @(Invoke-CanExec web -- ip route) -match '^default' | Should -Be 'default via 192.168.20.1 dev eth1 '
            (Get-CanContainer web).IPAddress | Should -BeLike 192.168.20.*
            (New-CanContainer busybox -Network front -IPAddress $web.IPAddress -Command true).IPAddress | Should -Be $web.IPAddress
        }
        It 'holds after a restart' {
            $null = New-CanContainer busybox -Name web -Network front, back -Command $sleeper
            Disconnect-CanNetwork front web
            $address = (Get-CanContainer web).IPAddress
            Restart-CanContainer web -Timeout 0
            (Get-CanContainer web).Networks | Should -Be back
            @(Invoke-CanExec web -- ip -o -4 addr) -match "inet $address/24" | Should -HaveCount 1
            Invoke-CanExec web -- ls /sys/class/net | Should -HaveCount 2
        }
        It 'lets published ports follow the default route' {
            $web = New-CanContainer busybox -Name web -Network front, back -Publish 80 -Command sh, -c, 'exec nc -ll -p 80 -e echo hello'
            Wait-Until { (Read-Tcp 127.0.0.1 $web.Ports[0].HostPort) -eq 'hello' } 'the server listens'
            Disconnect-CanNetwork front web
            Read-Tcp 127.0.0.1 $web.Ports[0].HostPort | Should -Be hello
            (Get-CanNetwork back).Rules -join ' ' | Should -Match ": $((Get-CanContainer web).IPAddress) \. 80"
        }
        It 'may take the last network, and bring it back' {
            $null = New-CanContainer busybox -Name web -Network front -Command $sleeper
            Disconnect-CanNetwork front web
            Invoke-CanExec web -- ls /sys/class/net | Should -Be lo
            (Get-CanContainer web).Networks | Should -BeNullOrEmpty
            Restart-CanContainer web -Timeout 0
            Connect-CanNetwork front web
            $null = New-CanContainer busybox -Name peer -Network front -Command $sleeper
            Test-Ping web peer | Should -BeTrue
            Restart-CanContainer web -Timeout 0
            Test-Ping web peer | Should -BeTrue
        }
    }
}
