BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Start-CanContainer' {
    . "$PSScriptRoot/Finding.ps1" Start-CanContainer -Arrange { New-CanContainer busybox -Name $args[0] -NoStart sleep 1000 } -With @{ PassThru = $true }
    . "$PSScriptRoot/WhatIf.ps1" Start-CanContainer -Arrange { New-CanContainer busybox -Name $args[0] -NoStart sleep 1000 }

    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'starts one that was only made' {
        $null = New-CanContainer busybox -Name made -NoStart sleep 1000
        $started = Start-CanContainer made -PassThru
        $started.State | Should -Be Running
        Invoke-CanExec made echo hello | Should -Be hello
    }

    It 'starts one that has ended, with the files it had' {
        $null = New-CanContainer busybox -Name again -- sh -c 'echo run >> /runs; wc -l < /runs' | Wait-CanContainer
        Start-CanContainer again -PassThru | Wait-CanContainer | Out-Null
        (Get-CanLog again).Message | ForEach-Object Trim | Should -Be 1, 2
    }

    It 'leaves one that runs alone' {
        $running = New-CanContainer busybox -Name running sleep 1000
        (Start-CanContainer running -PassThru).ProcessId | Should -Be $running.ProcessId
    }

    It 'shows with -WhatIf what the kernel would be asked' {
        $null = New-CanContainer busybox -Name plan -NoStart sleep 1000
        $shown = Start-CanContainer plan -WhatIf 6>&1
        foreach ($word in 'clone', 'overlay', 'pivot', 'execute sleep') { @($shown) -match $word | Should -Not -BeNullOrEmpty -Because "the plan has a step '$word'" }
    }

    It 'fails as New-CanContainer does, and can be tried again' {
        $source = Get-Scratch vanishing
        $null = New-CanContainer busybox -Name late -NoStart -Volume "${source}:/x" sleep 1000
        Remove-Item $source
        Get-CanErrorId { Start-CanContainer late } | Should -Be VolumeSourceNotFound
        (Get-CanContainer late).State | Should -Be Created
        $null = New-Item -ItemType Directory $source
        (Start-CanContainer late -PassThru).State | Should -Be Running
    }
}
