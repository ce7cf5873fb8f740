BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Restart policies of New-CanContainer' {
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'no: once is enough' {
        $ended = New-CanContainer busybox -Name once -- sh -c 'echo run; exit 1' | Wait-CanContainer
        $ended.RestartCount | Should -Be 0
        (Get-CanLog once).Message | Should -Be run
    }

    It 'on-failure:2: as often as allowed' {
        $ended = New-CanContainer busybox -Name failing -RestartPolicy on-failure:2 -- sh -c 'echo run; exit 3' | Wait-CanContainer -Timeout 120
        $ended.RestartCount | Should -Be 2
        $ended.ExitCode | Should -Be 3
        (Get-CanLog failing).Message | Should -Be run, run, run
    }

    It 'on-failure: until it succeeds' {
        $ended = New-CanContainer busybox -Name learning -RestartPolicy on-failure -- sh -c 'echo run >> /runs; [ $(wc -l < /runs) -ge 3 ]' | Wait-CanContainer -Timeout 120
        $ended.ExitCode | Should -Be 0
        $ended.RestartCount | Should -Be 2
    }

    It 'on-failure: not after a success' {
        (New-CanContainer busybox -RestartPolicy on-failure true | Wait-CanContainer -Timeout 120).RestartCount | Should -Be 0
    }

    It '<_>: again and again until it is stopped' -ForEach always, unless-stopped {
        $null = New-CanContainer busybox -Name steady -RestartPolicy $_ true
        Wait-Until { (Get-CanContainer steady).RestartCount -ge 2 } -Because 'it was run again twice'
        (Stop-CanContainer steady -PassThru).State | Should -Be Exited
        Get-CanProcessId | Should -BeNullOrEmpty
    }

    It 'takes longer and longer pauses' {
        $null = New-CanContainer busybox -Name pausing -RestartPolicy always echo run
        Wait-Until { (Get-CanLog pausing).Count -ge 5 } -Because 'it ran five times'
        $times = (Get-CanLog pausing | Select-Object -First 5).Timestamp
        $pauses = 1..4 | ForEach-Object { ($times[$_] - $times[$_ - 1]).TotalMilliseconds }
        # 100, 200, 400, 800 ms and what a run takes; a busy machine can only make them longer.
        $pauses[0] | Should -BeGreaterOrEqual 95
        $pauses[3] | Should -BeGreaterOrEqual 790
    }

    It 'shows that it waits to be run again' {
        $null = New-CanContainer busybox -Name waiting -RestartPolicy always false
        Wait-Until { (Get-CanContainer waiting).State -eq 'Restarting' } -Because 'a pause is reached'
        (Get-CanContainer -State Restarting).Name | Should -Be waiting
        (Get-CanContainer waiting).ExitCode | Should -Be 1
    }

    It 'has files and mounts again in every run, and memory file systems anew' {
        $null = New-CanContainer busybox -Name fresh -RestartPolicy on-failure:1 -TmpFs /memory -- sh -c 'ls /memory | wc -l; touch /memory/x; echo y >> /kept; wc -l < /kept; exit 1' |
            Wait-CanContainer -Timeout 120
        (Get-CanLog fresh).Message | ForEach-Object Trim | Should -Be 0, 1, 0, 2
    }

    It 'refuses <_>' -ForEach 'sometimes', 'on-failure:x', 'always:3' {
        Get-CanErrorId { New-CanContainer busybox -RestartPolicy $_ true } | Should -Be RestartPolicyInvalid
    }
}
