BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Get-CanLog' {
    . "$PSScriptRoot/Finding.ps1" Get-CanLog -Arrange { New-CanContainer busybox -Name $args[0] echo hello | Wait-CanContainer }

    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'tells standard output from standard error' {
        $null = New-CanContainer busybox -Name both -- sh -c 'echo out; sleep 0.1; echo err >&2; sleep 0.1; echo out again' | Wait-CanContainer
        $log = Get-CanLog both
        $log.Message | Should -Be out, err, 'out again'
        $log.Stream | Should -Be Output, Error, Output
        $log.Container | Select-Object -Unique | Should -Be both
        $log | Where-Object Stream -EQ Error | ForEach-Object ToString | Should -Be err
    }

    It 'keeps lines as they were written: <What>' -ForEach @(
        @{ What = 'empty ones'; Script = 'echo; echo x; echo'; Lines = '', 'x', '' }
        @{ What = 'one without an end'; Script = 'printf x'; Lines = , 'x' }
        @{ What = 'blanks'; Script = 'echo "  x  "'; Lines = , '  x  ' }
        @{ What = 'other alphabets'; Script = 'echo "日本 ü €"'; Lines = , '日本 ü €' }
        @{ What = 'a very long one'; Script = 'head -c 100000 /dev/zero | tr "\0" x; echo'; Lines = , ('x' * 100000) }
    ) {
        $null = New-CanContainer busybox -Name lines -Command sh, -c, $Script | Wait-CanContainer
        (Get-CanLog lines).Message | Should -Be $Lines
    }

    It 'gives the last lines with -Tail' {
        $null = New-CanContainer busybox -Name many -- seq 1000 | Wait-CanContainer
        (Get-CanLog many).Count | Should -Be 1000
        (Get-CanLog many -Tail 3).Message | Should -Be 998, 999, 1000
        Get-CanLog many -Tail 0 | Should -BeNullOrEmpty
        (Get-CanLog many -Tail 5000).Count | Should -Be 1000
    }

    It 'gives the lines of a span of time with -After and -Before' {
        $null = New-CanContainer busybox -Name timed -- sh -c 'echo a; sleep 0.1; echo b; sleep 0.1; echo c' | Wait-CanContainer
        $times = (Get-CanLog timed).Timestamp
        (Get-CanLog timed -After $times[0]).Message | Should -Be b, c
        (Get-CanLog timed -Before $times[2]).Message | Should -Be a, b
        (Get-CanLog timed -After $times[0] -Before $times[2]).Message | Should -Be b
        (Get-CanLog timed -After $times[0] -Tail 1).Message | Should -Be c
        $times[0] | Should -BeGreaterThan ([datetimeoffset]::Now.AddMinutes(-30))
    }

    It 'follows until the container ends' {
        $null = New-CanContainer busybox -Name followed -- sh -c 'for i in 1 2 3 4 5; do echo $i; sleep 0.1; done'
        (Get-CanLog followed -Follow).Message | Should -Be 1, 2, 3, 4, 5
        (Get-CanContainer followed).State | Should -Be Exited
        (Get-CanLog followed -Follow -Tail 2).Message | Should -Be 4, 5
    }

    It 'gives each line as soon as it is there, and ends when nobody wants more' {
        $null = New-CanContainer busybox -Name endless -- sh -c 'echo first; exec sleep 1000'
        (Get-CanLog endless -Follow | Select-Object -First 1).Message | Should -Be first
        (Get-CanContainer endless).State | Should -Be Running
    }

    It 'follows from another runspace while the container writes' {
        $null = New-CanContainer busybox -Name talker -- sh -c 'while [ ! -e /go ]; do sleep 0.05; done; echo gone; sleep 0.2; echo end'
        $module = (Get-Module Can).Path
        $job = Start-ThreadJob { Import-Module $using:module; Get-CanLog talker -Follow }
        Wait-Until { $job.State -eq 'Running' } -Because 'the job follows'
        Invoke-CanExec talker touch /go
        ($job | Wait-Job | Receive-Job).Message | Should -Be gone, end
    }

    It 'loses nothing when files are rotated' {
        $null = New-CanContainer busybox -Name loud -- sh -c 'i=0; while [ $i -lt 30 ]; do head -c 1000000 /dev/zero | tr "\0" x; echo " $i"; i=$((i+1)); done' | Wait-CanContainer -Timeout 300
        $log = @(Get-CanLog loud | ForEach-Object { $_.Message -replace '^x+ ' })
        $log[-1] | Should -Be 29
        # Old files go at last, but the lines that are left have no gap.
        $log | Should -Be ([int] $log[0]..29)
        $files = Get-ChildItem "$env:CAN_ROOT/lib/containers/$((Get-CanContainer loud).Id)/logs"
        $files.Count | Should -BeGreaterThan 1
        ($files | Measure-Object Length -Sum).Sum | Should -BeLessThan 100MB
        (Get-CanLog loud -Tail 2 | ForEach-Object { $_.Message -replace '^x+ ' }) | Should -Be 28, 29
    }

    It 'holds the log of all runs' {
        $null = New-CanContainer busybox -Name runs -- sh -c 'echo run' | Wait-CanContainer
        $null = Start-CanContainer runs -PassThru | Wait-CanContainer
        (Get-CanLog runs).Message | Should -Be run, run
    }

    It 'gives the log of several, one after the other' {
        $null = 'ann', 'bob' | ForEach-Object { New-CanContainer busybox -Name $_ -Command echo, "I am $_" } | Wait-CanContainer
        Get-CanContainer | Get-CanLog | ForEach-Object Message | Should -Be 'I am ann', 'I am bob'
    }
}
