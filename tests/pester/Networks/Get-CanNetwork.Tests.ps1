BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
    $null = New-CanNetwork web, worker, db
}
AfterAll { Clear-CanTest }

Describe 'Get-CanNetwork' {
    It 'gets all networks by name, in order' { (Get-CanNetwork).Name | Should -Be db, web, worker }
    It 'gets those that are named' { (Get-CanNetwork web, db).Name | Should -Be web, db }
    It 'gets those that fit a pattern' { (Get-CanNetwork w*).Name | Should -Be web, worker }
    It 'takes names from a pipeline' { ('web', 'db' | Get-CanNetwork).Name | Should -Be web, db }
    It 'is silent about a pattern that fits none' { Get-CanNetwork x* | Should -BeNullOrEmpty }
    It 'says that there is none of a name' {
        $problem = Get-CanError { Get-CanNetwork nosuch }
        $problem.Id | Should -Be NetworkNotFound
        $problem.Category | Should -Be ObjectNotFound
        $problem.Target | Should -Be nosuch
    }
    It 'names the containers that are on it' {
        $null = New-CanContainer busybox -Name first -Network web -NoStart -Command true
        $null = New-CanContainer busybox -Name second -Network web, db -NoStart -Command true
        (Get-CanNetwork web).Containers | Should -Be first, second
        (Get-CanNetwork db).Containers | Should -Be second
        (Get-CanNetwork worker).Containers | Should -BeNullOrEmpty
        Get-CanContainer | Remove-CanContainer
    }
    It 'shows name, subnet, gateway and interface in its table' {
        $table = Get-CanNetwork web | Format-Table | Out-String -Width 200
        $network = Get-CanNetwork web
        $table | Should -Match "web\s+$([regex]::Escape($network.Subnet[0]))\s+$([regex]::Escape($network.Gateway[0]))\s+$($network.Interface)"
    }
    It 'shows everything about it but the rules in its list' {
        $list = Get-CanNetwork web | Format-List | Out-String -Width 200
        foreach ($name in 'Id', 'Driver', 'Internal', 'Isolate', 'IPv6', 'Containers') { $list | Should -Match "(?m)^$name +:" }
        $list | Should -Not -Match Rules
    }
    It 'completes <Line> with <Expected>' -ForEach @(
        @{ Line = 'Get-CanNetwork w'; Expected = 'web', 'worker' }
        @{ Line = 'Remove-CanNetwork d'; Expected = 'db' }
        @{ Line = 'New-CanNetwork x -Driver '; Expected = 'bridge' }
        @{ Line = 'New-CanContainer busybox -Network w'; Expected = 'web', 'worker' }
        @{ Line = 'Invoke-CanContainer busybox -Network c'; Expected = 'can0', 'container:idle' }
        @{ Line = 'New-CanContainer busybox -Network h'; Expected = 'host' }
    ) {
        $null = New-CanContainer busybox -Name idle -Network none -NoStart -Command true
        try { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText | Should -Be $Expected }
        finally { Remove-CanContainer idle }
    }
}
