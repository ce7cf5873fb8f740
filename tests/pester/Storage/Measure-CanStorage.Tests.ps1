BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Measure-CanStorage' {
    It 'tells of every kind' {
        $usage = Measure-CanStorage
        $usage.Kind | Should -Be Image, Container, Volume, Download
        $usage[0].Count | Should -Be 1
        $usage[0].Active | Should -Be 0
        $usage[0].Size | Should -BeGreaterThan (2 * (Get-CanImage busybox).Size)
        $usage[0].Reclaimable | Should -Be $usage[0].Size
        $usage[1..3].Size | Should -Be 0, 0, 0
        $usage | Format-Table | Out-String | Should -Match 'Image +1 +0'
    }
    It 'tells what is in use' {
        $container = New-CanContainer busybox -Volume data:/data -- sh -c 'head -c 100000 /dev/zero > /data/file; sleep 1000'
        Wait-Until { (Measure-CanStorage)[2].Size -gt 100000 } -Because 'the container has written into its volume'
        $usage = Measure-CanStorage
        $usage[0..2].Active | Should -Be 1, 1, 1
        $usage[0..2].Reclaimable | Should -Be 0, 0, 0
        $container | Stop-CanContainer -Force
        $usage = Measure-CanStorage
        $usage[0..2].Active | Should -Be 1, 0, 1
        $usage[1].Reclaimable | Should -Be $usage[1].Size
    }
}
