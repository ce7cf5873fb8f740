BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'New-CanContainer' {
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    Context 'making' {
        It 'makes a container, starts it, and gives it' {
            $container = New-CanContainer busybox sleep 1000
            $container | Should -BeOfType Can.Engine.Containers.Container
            $container.State | Should -Be Running
            $container.Id | Should -Match '^[0-9a-f]{64}$'
            $container.Name | Should -Match '^[a-z]+[_-][a-z]+'
            (Get-CanContainer).Id | Should -Be $container.Id
        }

        It 'takes the image by reference, by Id, by the beginning of its Id, and as an object' {
            $image = Get-CanImage busybox
            foreach ($name in 'busybox', 'busybox:latest', $image.Id, $image.ShortId) {
                (New-CanContainer $name -NoStart true).ImageId | Should -Be $image.Id
            }
            ($image | New-CanContainer -NoStart -Command true).ImageId | Should -Be $image.Id
            (New-CanContainer -InputObject $image -NoStart true).ImageId | Should -Be $image.Id
        }

        It 'makes many from one pipeline' {
            1..5 | ForEach-Object { Get-CanImage busybox } | New-CanContainer -Command true | Wait-CanContainer |
                ForEach-Object ExitCode | Should -Be (, 0 * 5)
            (Get-CanContainer).Name | Select-Object -Unique | Should -HaveCount 5
        }

        It 'only makes it with -NoStart' {
            $container = New-CanContainer busybox -NoStart -Name quiet echo hello
            $container.State | Should -Be Created
            $container.StartedAt | Should -BeNullOrEmpty
            $container.ExitCode | Should -BeNullOrEmpty
            Get-CanLog quiet | Should -BeNullOrEmpty
            Get-CanProcessId | Should -BeNullOrEmpty
        }

        It 'makes nothing with -WhatIf, and shows what the kernel would be asked' {
            $before = Get-CanTrace
            $shown = New-CanContainer busybox -Name planned -WhatIf sleep 1000 6>&1
            $shown | Should -Not -BeOfType Can.Engine.Containers.Container
            foreach ($word in 'clone', 'overlay', 'pivot', 'execute sleep') { @($shown) -match $word | Should -Not -BeNullOrEmpty -Because "the plan has a step '$word'" }
            Compare-CanTrace $before | Should -BeNullOrEmpty
        }

        It 'accepts the name <_>' -ForEach 'ab', 'a.b_c-d', '00', ('x' * 255) {
            (New-CanContainer busybox -Name $_ -NoStart true).Name | Should -Be $_
        }
    }

    Context 'the command' {
        It 'is the image''s own when none is given' {
            (New-CanContainer busybox | Wait-CanContainer).Command | Should -Be /bin/sh
        }
        It 'may be words, words after --, an array, numbers' {
            Read-Inside 'echo "$0"' | Should -Be sh
            New-CanContainer busybox echo one two | Wait-CanContainer | Get-CanLog | ForEach-Object Message | Should -Be 'one two'
            New-CanContainer busybox -- echo -n -e x | Wait-CanContainer | Get-CanLog | ForEach-Object Message | Should -Be x
            New-CanContainer busybox -Command echo, 1, -2, 0.5 | Wait-CanContainer | Get-CanLog | ForEach-Object Message | Should -Be '1 -2 0.5'
        }
        It 'arrives exactly as it was written' {
            $words = 'a b', '', "it's", '"', '$HOME', "new`nline", 'ünïcödé', '\'
            $lines = New-CanContainer busybox -Command (@('printf', '<%s>') + $words) | Wait-CanContainer | Get-CanLog | ForEach-Object Message
            $lines -join "`n" | Should -Be (-join ($words | ForEach-Object { "<$_>" }))
        }
        It 'follows the entrypoint' {
            New-CanContainer busybox -Entrypoint echo, hello world | Wait-CanContainer | Get-CanLog | ForEach-Object Message | Should -Be 'hello world'
        }
        It 'may be an image''s entrypoint with the image''s defaults' {
            $null = Import-CanImage (Get-BusyboxRoot) -Reference greeter -Entrypoint sh, -c -Command 'echo $GREETING; pwd; id -u' -Environment @{ GREETING = 'hi' } -WorkingDirectory /home -User nobody
            New-CanContainer greeter | Wait-CanContainer | Get-CanLog | ForEach-Object Message | Should -Be hi, /home, 65534
            New-CanContainer greeter -Entrypoint @() -Environment GREETING=ho -WorkingDirectory / -User root -Command sh, -c, 'echo $GREETING; pwd; id -u' |
                Wait-CanContainer | Get-CanLog | ForEach-Object Message | Should -Be ho, /, 0
        }
        It 'may be a script with an interpreter' {
            $source = Get-Scratch scripts
            Set-Content $source/script "#!/bin/sh`necho `"script `$1`""
            chmod 755 $source/script
            New-CanContainer busybox -Volume "${source}:/s" -Command /s/script, works | Wait-CanContainer | Get-CanLog | ForEach-Object Message | Should -Be 'script works'
        }
        It 'ends with the code of <Script>' -ForEach @(
            @{ Script = 'exit 0'; Code = 0 }, @{ Script = 'exit 255'; Code = 255 }, @{ Script = 'kill -TERM $$; sleep 9'; Code = 143; Init = $true }
        ) {
            (New-CanContainer busybox -Init:([bool]$Init) -Command sh, -c, $Script | Wait-CanContainer -Timeout 60).ExitCode | Should -Be $Code
        }
    }

    Context 'the process' {
        It 'has the environment asked for, and nothing of the shell''s own' {
            $env:CAN_TEST_SECRET = 'secret'
            $env:CAN_TEST_GIVEN = 'given'
            try {
                $variables = Read-Inside env @{ Environment = 'A=1', 'B=x=y', 'EMPTY=', 'CAN_TEST_GIVEN' }
                $variables | Should -Contain A=1
                $variables | Should -Contain B=x=y
                $variables | Should -Contain EMPTY=
                $variables | Should -Contain CAN_TEST_GIVEN=given
                $variables | Should -Contain HOME=/root
                $variables | Where-Object { $_ -like 'PATH=*' } | Should -Match '/bin'
                $variables | Where-Object { $_ -match 'SECRET|^NO_COLOR|^PSModulePath' } | Should -BeNullOrEmpty
                $variables | Where-Object { $_ -like 'HOSTNAME=*' } | Should -Match '^HOSTNAME=[0-9a-f]{12}$'
            }
            finally {
                Remove-Item env:CAN_TEST_SECRET, env:CAN_TEST_GIVEN
            }
            Read-Inside 'echo $A $B' @{ Environment = @{ A = 1; B = 'two words' } } | Should -Be '1 two words'
        }
        It 'has the environment of files, which the parameter overrides' {
            $file = "$(Get-Scratch files)/some.env"
            Set-Content $file '# a comment', '', 'FROM_FILE=1', 'BOTH=file', 'QUOTED="as it is"'
            Read-Inside 'echo $FROM_FILE $BOTH $QUOTED' @{ EnvironmentFile = $file; Environment = 'BOTH=given' } | Should -Be '1 given "as it is"'
        }
        It 'works in the directory asked for, made if need be' {
            Read-Inside pwd @{ WorkingDirectory = '/etc' } | Should -Be /etc
            Read-Inside 'pwd; stat -c %a .' @{ WorkingDirectory = '/new/deep' } | Should -Be /new/deep, 755
        }
        It 'is the user <User>' -ForEach @(
            @{ User = 'nobody'; Expected = '65534 65534' }, @{ User = '1234'; Expected = '1234 0' }, @{ User = '1234:5678'; Expected = '1234 5678' }
            @{ User = 'daemon:tty'; Expected = '1 5' }, @{ User = 'root'; Expected = '0 0' }
        ) {
            Read-Inside 'echo $(id -u) $(id -g)' @{ User = $User } | Should -Be $Expected
        }
        It 'has the home directory of its user' {
            Read-Inside 'echo $HOME' @{ User = 'nobody' } | Should -Be /home
        }
        It 'has the umask 022, no alarms, and no signal ignored or blocked' {
            Read-Inside umask | Should -Be '0022'
            Invoke-CanContainer busybox -- grep -E '^Sig(Blk|Ign)' /proc/self/status | Should -Be "SigBlk:`t0000000000000000", "SigIgn:`t0000000000000000"
        }
        It 'leads a session of its own' {
            Read-Inside 'cut -d" " -f5,6 /proc/1/stat' | Should -Be '1 1'
        }
        It 'reads nothing on standard input' {
            Read-Inside 'cat; echo end' | Should -Be end
            Read-Inside 'test -t 0 && echo terminal || echo none' | Should -Be none
        }
        It 'has a terminal with -Tty' {
            $lines = New-CanContainer busybox -Tty -- sh -c 'test -t 0 && test -t 1 && test -t 2 && tty && echo $TERM' | Wait-CanContainer | Get-CanLog | ForEach-Object Message
            $lines | ForEach-Object Trim | Should -Be /dev/pts/0, xterm
        }
    }

    Context 'its surroundings' {
        It 'has the host name asked for, in its files too' {
            Read-Inside 'hostname; cat /etc/hostname; grep -c "somehost" /etc/hosts' @{ Hostname = 'somehost' } | Should -Be somehost, somehost, 1
        }
        It 'has the beginning of its Id for a host name' {
            $container = New-CanContainer busybox hostname | Wait-CanContainer
            ($container | Get-CanLog).Message | Should -Be $container.ShortId
        }
        It 'knows localhost and where names are resolved' {
            Read-Inside 'grep -c localhost /etc/hosts; test -s /etc/resolv.conf && echo resolves' | Select-Object -Last 1 | Should -Be resolves
        }
        It 'has only a loopback interface, which is up' {
            Read-Inside 'ls /sys/class/net; ip -o addr show lo | grep -c 127.0.0.1' | Should -Be lo, 1
        }
        It 'has the host''s network with -Network host' {
            $interfaces = Read-Inside 'ls /sys/class/net' @{ Network = 'host' }
            $interfaces | Should -Be (ip -oneline link | ForEach-Object { $_.Split(':')[1].Trim().Split('@')[0] } | Sort-Object)
        }
        It 'keeps labels' {
            $container = New-CanContainer busybox -NoStart -Label @{ a = '1' } true
            $container.Labels['a'] | Should -Be 1
            (New-CanContainer busybox -NoStart -Label 'b=x=y', 'flag' true).Labels.Keys | Sort-Object | Should -Be b, flag
        }
    }

    Context '-Init' {
        It 'reaps orphans' {
            $null = New-CanContainer busybox -Name reaper -Init -- sh -c '(sleep 0.1 &) ; sleep 1000'
            Wait-Until { -not (Invoke-CanExec reaper -- sh -c 'grep -l "^PPid:.1$" /proc/[0-9]*/status | xargs grep -l "State:.Z"') } -Because 'no orphan is a zombie'
            (Invoke-CanExec reaper -- sh -c 'tr "\0" " " < /proc/1/cmdline') | Should -Not -BeLike 'sh *'
            (Invoke-CanExec reaper -- sh -c 'cat /proc/[0-9]*/comm') | Should -Contain sleep
        }
        It 'forwards signals, and ends as the command does' {
            $container = New-CanContainer busybox -Name forward -Init -- sh -c 'trap "exit 9" TERM; echo ready; while :; do sleep 0.05; done'
            Wait-Until { Get-CanLog forward } -Because 'the trap is set'
            (Stop-CanContainer forward -PassThru).ExitCode | Should -Be 9
            (New-CanContainer busybox -Init -- sh -c 'exit 4' | Wait-CanContainer).ExitCode | Should -Be 4
        }
        It 'tells of a command that is not there just the same' {
            Get-CanErrorId { New-CanContainer busybox -Init nosuchprogram } | Should -Be CommandNotFound
        }
    }

    Context 'speed of many' {
        It 'can be made from several runspaces at once' {
            $module = (Get-Module Can).Path
            $made = 1..12 | ForEach-Object -Parallel {
                Import-Module $using:module
                New-CanContainer busybox -Name "parallel$_" -ErrorAction Stop -- sh -c "exit $_" | Wait-CanContainer
            } -ThrottleLimit 4
            $made.ExitCode | Sort-Object | Should -Be (1..12)
        }
    }
}
