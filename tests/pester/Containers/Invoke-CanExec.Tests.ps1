BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Invoke-CanExec' {
    . "$PSScriptRoot/Finding.ps1" Invoke-CanExec -With @{ Command = 'hostname' } -Names { $_ } -Arrange { New-CanContainer busybox -Name $args[0] -Hostname $args[0] sleep 1000 }

    Context 'running' {
        BeforeAll { $null = New-CanContainer busybox -Name host -Environment FROM=container -WorkingDirectory /home -Memory 64MB -PidsLimit 50 sleep 1000 }
        AfterAll { Remove-CanContainer host -Force }

        It 'gives lines, and the exit code in $LASTEXITCODE' {
            Invoke-CanExec host -- sh -c 'echo one; echo two; exit 5' | Should -Be one, two
            $global:LASTEXITCODE | Should -Be 5
            Invoke-CanExec host true
            $global:LASTEXITCODE | Should -Be 0
        }

        It 'gives one object with -AsResult' {
            $result = Invoke-CanExec host -AsResult -- sh -c 'echo out; echo err >&2; exit 6'
            $result.ExitCode | Should -Be 6
            $result.Signal | Should -Be 0
            $result.StandardOutput | Should -Be out
            $result.StandardError | Should -Be err
            $killed = Invoke-CanExec host -AsResult -- sh -c 'kill -9 $$'
            $killed.ExitCode | Should -Be 137
            $killed.Signal | Should -Be 9
        }

        It 'does not wait for what it leaves in the background' {
            $left = Invoke-CanExec host -- sh -c 'sleep 777 & echo $!'
            Wait-Until { (Get-CanProcess host).CommandLine -contains 'sleep 777' } -Because 'the program left it running'
            Invoke-CanExec host kill $left
            Wait-Until { (Get-CanProcess host).Count -eq 1 } -Because 'it was killed'
        }

        It 'runs among the container''s processes' {
            Invoke-CanExec host -Command ps, -o, 'pid,args' | Where-Object { $_ -match '^\s*1\s+sleep 1000' } | Should -HaveCount 1
            Invoke-CanExec host -- sh -c 'for n in pid mnt net ipc uts cgroup; do [ "$(readlink /proc/1/ns/$n)" = "$(readlink /proc/self/ns/$n)" ] || echo $n differs; done' | Should -BeNullOrEmpty
        }

        It 'has the container''s environment, directory and user, or others' {
            Invoke-CanExec host -- sh -c 'echo $FROM $HOME; pwd; id -u' | Should -Be 'container /root', /home, 0
            Invoke-CanExec host -Environment @{ FROM = 'exec'; NEW = '1' } -WorkingDirectory /tmp -User nobody -Command sh, -c, 'echo $FROM $NEW $HOME; pwd; id -u' |
                Should -Be 'exec 1 /home', /tmp, 65534
        }

        It 'takes standard input from the pipeline' {
            'b', 'a' | Invoke-CanExec host sort | Should -Be a, b
            Invoke-CanExec host cat | Should -BeNullOrEmpty
            1..20000 | Invoke-CanExec host cat | Should -HaveCount 20000
        }

        It 'has no more rights than the container' {
            $first = Invoke-CanExec host -- sh -c 'grep -E "^(CapEff|CapBnd|CapPrm|NoNewPrivs|Seccomp):" /proc/1/status'
            $mine = Invoke-CanExec host -- sh -c 'grep -E "^(CapEff|CapBnd|CapPrm|NoNewPrivs|Seccomp):" /proc/self/status'
            $mine | Should -Be $first
            Invoke-CanExec host -User nobody -- grep CapEff /proc/self/status | Should -Match '0000000000000000'
            [Convert]::ToUInt64(((Invoke-CanExec host -Privileged -- grep CapEff /proc/self/status) -replace '.*\s'), 16) |
                Should -BeGreaterThan ([Convert]::ToUInt64(($first[0] -replace '.*\s'), 16))
        }

        It 'is in the container''s cgroup' {
            Invoke-CanExec host -- sh -c 'tail /dev/zero; echo $?' | Should -Be 137
            (Get-CanContainer host).State | Should -Be Running
        }

        It 'gives lines as they come, and ends the program when nobody wants more' {
            Invoke-CanExec host -- sh -c 'while :; do echo y; done' | Select-Object -First 2 | Should -Be y, y
            Wait-Until { (Get-CanProcess host).Count -eq 1 } -Because 'the program was killed'
        }

        It 'runs nothing with -WhatIf' {
            Invoke-CanExec host -WhatIf touch /touched
            Invoke-CanExec host -- sh -c 'ls /touched 2>/dev/null' | Should -BeNullOrEmpty
        }

        It 'leaves its orphans to process 1 and waits for what holds its output only' {
            Invoke-CanExec host -- sh -c 'sleep 777 >/dev/null 2>&1 & echo started' | Should -Be started
            Wait-Until { (Get-CanProcess host).CommandLine -contains 'sleep 777' } -Because 'the orphan runs'
            Invoke-CanExec host -- sh -c 'for p in $(pidof sleep); do [ $p = 1 ] || kill $p; done'
        }

        It 'can be done from many runspaces at once' {
            $module = (Get-Module Can).Path
            $answers = 1..12 | ForEach-Object -Parallel { Import-Module $using:module; Invoke-CanExec host -Command echo, $_ } -ThrottleLimit 4
            [int[]] $answers | Sort-Object | Should -Be (1..12)
        }
    }

    It 'ends with the container' {
        $null = New-CanContainer busybox -Name short -Init sleep 1000
        $module = (Get-Module Can).Path
        $job = Start-ThreadJob { Import-Module $using:module; Invoke-CanExec short -AsResult sleep 2000 }
        Wait-Until { (Get-CanProcess short).CommandLine -contains 'sleep 2000' } -Because 'the program runs'
        Stop-CanContainer short
        ($job | Wait-Job | Receive-Job).ExitCode | Should -Be 137
        Remove-CanContainer short
    }
}
