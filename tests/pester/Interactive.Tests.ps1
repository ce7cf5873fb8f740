# Containers on a real terminal: a pwsh in a tmux of its own, driven by keys and read from the screen.
BeforeDiscovery { $noTmux = -not (Get-Command tmux -ErrorAction Ignore) }

BeforeAll {
    Import-Module "$PSScriptRoot/CanTest.psm1"
    Initialize-CanTest

    $module = (Get-Module Can).Path

    function Invoke-Tmux {
        tmux -S $socket -f /dev/null @args
        if ($LASTEXITCODE) { throw "tmux $args failed with $LASTEXITCODE" }
    }

    # A shell on a terminal of 100 columns and 30 rows, with the module and this test's root.
    function Open-Terminal {
        # A server that is going away must not meet its successor.
        $script:socket = "$(Get-Scratch tmux)/$([guid]::NewGuid().ToString('n').Substring(0, 8))"
        $start = "`$PSStyle.OutputRendering = 'PlainText'; Remove-Module PSReadLine -ErrorAction Ignore; Import-Module '$module'; function prompt { 'host> ' }"
        $command = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($start))
        Invoke-Tmux new-session -d -x 100 -y 30 env "CAN_ROOT=$env:CAN_ROOT" TERM=screen NO_COLOR=1 (Get-Process -Id $PID).Path -NoProfile -NoLogo -NoExit -EncodedCommand $command
        Wait-Screen '^host>$'
    }
    function Close-Terminal { if ($socket) { tmux -S $socket kill-server 2>$null } }

    function Send-Line([string] $Text) { Invoke-Tmux send-keys -l $Text; Invoke-Tmux send-keys Enter }
    function Send-Key { Invoke-Tmux send-keys @args }
    function Read-Screen { @(Invoke-Tmux capture-pane -p -J) | ForEach-Object TrimEnd | Where-Object { $_ } }

    # Waits until a line of the screen fits; what was typed is on the screen too, so patterns are about what is answered.
    function Wait-Screen([string] $Pattern) {
        try { Wait-Until { (Read-Screen) -match $Pattern } -Because "the screen shows $Pattern" -Seconds 30 }
        catch { throw "$_; the screen shows:`n$((Read-Screen) -join "`n")" }
    }

    # Connects to a container's shell, and has it answer: what is typed too early is still for the shell outside.
    function Connect-Shell([string] $Line) {
        Send-Line $Line
        Wait-Until { Send-Key Enter; Start-Sleep -Milliseconds 100; (Read-Screen | Select-Object -Last 1) -match '^/ #$' } -Because 'the container prompts' -Seconds 30
    }

    # The shell is back, its terminal behaves as before, and it runs what is typed; gives its last exit code.
    function Wait-Shell {
        Wait-Until { (Read-Screen | Select-Object -Last 1) -match 'host>$' } -Because 'the shell prompts' -Seconds 30
        Send-Line '"still " + "a shell: $LASTEXITCODE"'
        Wait-Screen '^still a shell:'
        (Read-Screen) -match '^still a shell:' -replace '.*: ?' | Select-Object -Last 1
    }
}
AfterAll {
    Close-Terminal
    Clear-CanTest
}

Describe 'A terminal' -Skip:$noTmux {
    BeforeEach { Open-Terminal }
    AfterEach {
        Close-Terminal
        Get-CanContainer | Remove-CanContainer -Force
    }

    Context 'Invoke-CanContainer -Interactive -Tty' {
        It 'is a shell in a container, gone when it ends' {
            Send-Line 'Invoke-CanContainer busybox -Interactive -Tty sh'
            Wait-Screen '^/ #$'
            Send-Line 'echo pid $$, $(tty)'
            Wait-Screen '^pid 1, /dev/(console|pts/0)$'
            Send-Line 'exit 7'
            Wait-Shell | Should -Be 7
            Get-CanContainer | Should -BeNullOrEmpty
        }

        It 'has the size of the terminal, at the start and when that changes' {
            Send-Line 'Invoke-CanContainer busybox -Interactive -Tty sh'
            Wait-Screen '^/ #$'
            Send-Line 'stty size'
            Wait-Screen '^30 100$'
            Invoke-Tmux resize-window -x 77 -y 22
            Send-Line 'while [ "$(stty size)" != "22 77" ]; do sleep 0.1; done; echo resi"zed"'
            Wait-Screen '^resized$'
        }

        It 'sends Ctrl-C to the program, not to the shell outside' {
            Send-Line 'Invoke-CanContainer busybox -Interactive -Tty sh'
            Wait-Screen '^/ #$'
            Send-Line 'echo bef"ore"; sleep 1000'
            Wait-Screen '^before$'
            Send-Key C-c
            Wait-Screen '^\^C'
            Send-Line 'echo af"ter" $?'
            Wait-Screen '^after 130$'
            Send-Key C-d
            Wait-Shell | Should -Be 0
        }

        It 'can be left by the detach keys; the container lives on' {
            Send-Line 'Invoke-CanContainer busybox -Name left -Interactive -Tty sh'
            Wait-Screen '^/ #$'
            Send-Key C-p C-q
            $null = Wait-Shell
            (Get-CanContainer left).State | Should -Be Running
        }
    }

    Context 'Connect-CanContainer' {
        BeforeEach { $null = New-CanContainer busybox -Name served -Interactive -Tty sh }

        It 'joins the terminal of a container, again and again' {
            foreach ($turn in 1, 2) {
                Connect-Shell 'Connect-CanContainer served'
                Send-Line "echo turn-`$((10 + $turn))"
                Wait-Screen "^turn-1$turn"
                Send-Key C-p C-q
                $null = Wait-Shell
                (Get-CanContainer served).State | Should -Be Running
                Send-Line 'Clear-Host'
            }
        }

        It 'takes other detach keys, and passes the usual ones on' {
            Connect-Shell 'Connect-CanContainer served -DetachKeys "ctrl-x,x"'
            Send-Line 'echo joi"ned"'
            Wait-Screen '^joined$'
            Send-Key C-x x
            $null = Wait-Shell
            (Get-CanContainer served).State | Should -Be Running
        }

        It 'ends with the container, and has its exit code' {
            Connect-Shell 'Connect-CanContainer served'
            Send-Line 'echo joi"ned"'
            Wait-Screen '^joined$'
            Send-Line 'exit 9'
            Wait-Shell | Should -Be 9
            (Get-CanContainer served).ExitCode | Should -Be 9
        }

        It 'leaves a log of what was on the terminal' {
            Connect-Shell 'Connect-CanContainer served'
            Send-Line 'echo log"ged"'
            Wait-Screen '^logged$'
            (Get-CanLog served).Message | ForEach-Object Trim | Should -Contain logged
        }
    }

    Context 'Enter-CanContainer' {
        BeforeEach { $null = New-CanContainer busybox -Name entered -Environment WHO=inside sleep 1000 }

        It 'is a shell among the container''s processes' {
            Send-Line 'Enter-CanContainer entered'
            Wait-Screen '^/ #$'
            Send-Line 'echo $WHO $(tty); tr "\0" " " < /proc/1/cmdline; echo'
            Wait-Screen '^inside /dev/pts/0$'
            Wait-Screen '^sleep 1000$'
            Send-Line 'exit 3'
            Wait-Shell | Should -Be 3
            (Get-CanContainer entered).State | Should -Be Running
        }

        It 'takes a user and another shell' {
            Send-Line 'Enter-CanContainer entered -User nobody -Shell sh,-c,"id -u; read x"'
            Wait-Screen '^65534$'
            Send-Key Enter
            $null = Wait-Shell
        }

        It 'ends when the container does' {
            Send-Line 'Enter-CanContainer entered'
            Wait-Screen '^/ #$'
            Stop-CanContainer entered -Force
            Wait-Shell | Should -Be 137
        }
    }

    Context 'Invoke-CanExec -Interactive' {
        It 'gives the program the terminal' {
            $null = New-CanContainer busybox -Name executed sleep 1000
            Send-Line 'Invoke-CanExec executed -Interactive -Tty -- sh -c "test -t 0 && echo a terminal; read line; echo read $""line; exit 4"'.Replace('$""', '`$')
            Wait-Screen '^a terminal$'
            Send-Line 'typed'
            Wait-Screen '^read typed$'
            Wait-Shell | Should -Be 4
        }
    }

    Context 'Ctrl-C on the shell' {
        It 'ends a Wait-CanContainer, and the shell goes on' {
            $null = New-CanContainer busybox -Name awaited sleep 1000
            Send-Line '"wait" + "ing"; Wait-CanContainer awaited'
            Wait-Screen '^waiting$'
            Send-Key C-c
            $null = Wait-Shell
            (Get-CanContainer awaited).State | Should -Be Running
        }

        It 'ends an Invoke-CanContainer, and removes its container' {
            Send-Line 'Invoke-CanContainer busybox -Name doomed -- sh -c "echo runs; sleep 1000"'
            Wait-Screen '^runs$'
            Send-Key C-c
            $null = Wait-Shell
            Get-CanContainer | Should -BeNullOrEmpty
        }
    }
}

Describe 'Without a terminal' {
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'says that there is none' {
        $null = New-CanContainer busybox -Name there sleep 1000
        $answer = '' | & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command "Import-Module '$((Get-Module Can).Path)'; try { Enter-CanContainer there -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId }"
        $answer | Should -BeLike 'NoTerminal,*'
        $answer = '' | & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command "Import-Module '$((Get-Module Can).Path)'; try { Invoke-CanContainer busybox -Interactive -Tty -ErrorAction Stop sh } catch { `$_.FullyQualifiedErrorId }"
        $answer | Should -BeLike 'NoTerminal,*'
        (Get-CanContainer).Name | Should -Be there
    }

    It 'connects to the lines of a container' {
        $null = New-CanContainer busybox -Name talks -- sh -c 'while [ ! -e /go ]; do sleep 0.05; done; echo one; echo two; exit 8'
        $job = Start-ThreadJob { Import-Module $using:module; Connect-CanContainer talks -NoInput }
        Wait-Until { $job.State -eq 'Running' } -Because 'the job is connected'
        Start-Sleep -Milliseconds 300
        Invoke-CanExec talks touch /go
        $job | Wait-Job | Receive-Job | Should -Be one, two
        (Get-CanContainer talks).ExitCode | Should -Be 8
    }

    It 'cannot connect to one that does not run' {
        $null = New-CanContainer busybox -Name idle -NoStart true
        Get-CanErrorId { Connect-CanContainer idle } | Should -Be ContainerNotRunning
    }
}
