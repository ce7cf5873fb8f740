BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Set-CanContainer' {
    . "$PSScriptRoot/Finding.ps1" Set-CanContainer -With @{ PidsLimit = 50; PassThru = $true }
    . "$PSScriptRoot/WhatIf.ps1" Set-CanContainer -With @{ PidsLimit = 50 }

    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'keeps the limits that it is not told about' {
        $null = New-CanContainer busybox -Name limited -Memory 64MB -PidsLimit 40 sleep 1000
        $limits = (Set-CanContainer limited -CpuShares 512 -PassThru).Limits
        $limits.MemoryBytes | Should -Be 64MB
        $limits.PidsLimit | Should -Be 40
        $limits.CpuShares | Should -Be 512
    }

    It 'holds for a container that is started later' {
        $null = New-CanContainer busybox -Name later -NoStart -- sh -c 'ulimit -n >/dev/null; for i in 1 2 3 4 5; do sleep 9 & done; echo never'
        Set-CanContainer later -PidsLimit 3
        $null = Start-CanContainer later -PassThru | Wait-CanContainer
        Get-CanLog later | Where-Object Message -EQ never | Should -BeNullOrEmpty
    }

    It 'changes the restart policy of one that runs' {
        $null = New-CanContainer busybox -Name policy -- sh -c 'echo run; sleep 1; exit 1'
        (Set-CanContainer policy -RestartPolicy on-failure:1 -PassThru).RestartPolicy.ToString() | Should -Be on-failure:1
        (Wait-CanContainer policy).RestartCount | Should -Be 1
        (Get-CanLog policy).Message | Should -Be run, run
    }

    It 'ends a restart loop' {
        $null = New-CanContainer busybox -Name loop -RestartPolicy always false
        Wait-Until { (Get-CanContainer loop).RestartCount -ge 1 } -Because 'it was run again'
        Set-CanContainer loop -RestartPolicy no
        (Wait-CanContainer loop -Timeout 120).State | Should -Be Exited
    }

    It 'refuses <What>, and the old limit stays' -ForEach @(
        @{ What = 'too little memory'; With = @{ Memory = 1MB }; Id = 'LimitTooSmall' }
        @{ What = 'more processors than there are'; With = @{ Cpus = 9999 }; Id = 'LimitTooLarge' }
        @{ What = 'a processor that the host lacks'; With = @{ CpuSet = '9999' }; Id = 'CpuSetUnavailable' }
    ) {
        $before = New-CanContainer busybox -Name limited -Memory 64MB sleep 1000
        Get-CanErrorId { Set-CanContainer limited @With } | Should -Be $Id
        (Get-CanContainer limited).Limits | ConvertTo-Json | Should -Be ($before.Limits | ConvertTo-Json)
    }
}
