BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Compare-CanContainer' {
    . "$PSScriptRoot/Finding.ps1" Compare-CanContainer -Arrange {
        New-CanContainer busybox -Name $args[0] -- touch /tmp/new | Wait-CanContainer -Timeout 120
    }

    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'lists what was added, modified and deleted' {
        $null = New-CanContainer busybox -Name web -Volume /data -- sh -c 'echo abc > /etc/new; echo x >> /etc/passwd; rm /etc/group; echo y > /data/file' |
            Wait-CanContainer -Timeout 120
        $changes = Compare-CanContainer web
        $changes | ForEach-Object { "$($_.Kind) $($_.Type) $($_.Path)" } |
            Should -Be 'Modified Directory /etc', 'Deleted File /etc/group', 'Added File /etc/new', 'Modified File /etc/passwd'
        ($changes | Where-Object Kind -EQ Added).Size | Should -Be 4
        $changes | Should -BeOfType Can.Engine.Containers.ContainerChange
        $changes.Container | Select-Object -Unique | Should -Be web
    }

    It 'lists nothing for a container that was never started' {
        $null = New-CanContainer busybox -Name idle -NoStart true
        Compare-CanContainer idle | Should -BeNullOrEmpty
    }

    It 'looks into a running container' {
        $null = New-CanContainer busybox -Name live -- sh -c 'touch /tmp/new; sleep 1000'
        Wait-Until { (Compare-CanContainer live).Path -contains '/tmp/new' } -Because 'it has made the file'
        (Get-CanContainer live).State | Should -Be Running
    }

    It 'shows a table' {
        $null = New-CanContainer busybox -Name table -- touch /tmp/new | Wait-CanContainer -Timeout 120
        Compare-CanContainer table | Out-String | Should -Match 'table\s+Added\s+File\s+0 B\s+/tmp/new'
    }
}
