BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Invoke-CanContainer' {
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'gives the lines the command writes, sets $LASTEXITCODE, and leaves nothing' {
        $before = Get-CanTrace
        Invoke-CanContainer busybox -- sh -c 'echo one; echo two; exit 3' | Should -Be one, two
        $global:LASTEXITCODE | Should -Be 3
        Invoke-CanContainer busybox true | Should -BeNullOrEmpty
        $global:LASTEXITCODE | Should -Be 0
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }

    It 'does not call a failed command an error' {
        { Invoke-CanContainer busybox false } | Should -Not -Throw
        $global:LASTEXITCODE | Should -Be 1
    }

    It 'gives one object with -AsResult' {
        $result = Invoke-CanContainer busybox -AsResult -- sh -c 'echo out; echo err >&2; exit 4'
        $result | Should -BeOfType Can.Engine.Containers.RunResult
        $result.ExitCode | Should -Be 4
        $result.OomKilled | Should -BeFalse
        $result.StandardOutput | Should -Be out
        $result.StandardError | Should -Be err
        $result.Duration | Should -BeGreaterThan ([timespan]::Zero)
        $result.Container.State | Should -Be Exited
    }

    It 'keeps the container with -Keep' {
        Invoke-CanContainer busybox -Keep -Name kept echo hello | Should -Be hello
        (Get-CanContainer kept).State | Should -Be Exited
        (Get-CanLog kept).Message | Should -Be hello
    }

    It 'takes its standard input from the pipeline' {
        'b', 'c', 'a' | Invoke-CanContainer busybox sort | Should -Be a, b, c
        1..10000 | Invoke-CanContainer busybox -- wc -l | ForEach-Object Trim | Should -Be 10000
        Invoke-CanContainer busybox -StandardInput given cat | Should -Be given
    }

    It 'takes an image from the pipeline' {
        Get-CanImage busybox | Invoke-CanContainer -Command echo, hello | Should -Be hello
    }

    It 'takes what New-CanContainer takes' {
        Invoke-CanContainer busybox -Environment A=1 -User nobody -WorkingDirectory /tmp -Hostname here -- sh -c 'echo $A $(id -u) $(pwd) $(hostname)' |
            Should -Be '1 65534 /tmp here'
    }

    It 'gives lines as they come, and ends the container when nobody wants more' {
        Invoke-CanContainer busybox -- sh -c 'while :; do echo y; done' | Select-Object -First 3 | Should -Be y, y, y
        Get-CanContainer | Should -BeNullOrEmpty
        Get-CanProcessId | Should -BeNullOrEmpty
    }

    It 'ends and removes the container when the pipeline is stopped' {
        $shell = [powershell]::Create().AddScript("Import-Module '$((Get-Module Can).Path)'; Invoke-CanContainer busybox -Name stopped -- sh -c 'echo ready; sleep 1000'")
        $output = [Management.Automation.PSDataCollection[psobject]]::new()
        $null = $shell.BeginInvoke([Management.Automation.PSDataCollection[psobject]]::new(), $output)
        Wait-Until { $output.Count } -Because 'the container runs'
        $shell.Stop()
        $shell.Dispose()
        Get-CanContainer | Should -BeNullOrEmpty
        Get-CanProcessId | Should -BeNullOrEmpty
    }

    It 'loses nothing of much output' {
        $lines = Invoke-CanContainer busybox -- seq 50000
        $lines.Count | Should -Be 50000
        $lines[-1] | Should -Be 50000
    }

    It 'runs nothing with -WhatIf' {
        $before = Get-CanTrace
        Invoke-CanContainer busybox -WhatIf echo hello | Should -BeNullOrEmpty
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }

    It 'reports a command killed for want of memory' {
        $result = Invoke-CanContainer busybox -Memory 32MB -MemorySwap 32MB -AsResult -- tail /dev/zero
        $result.ExitCode | Should -Be 137
        $result.OomKilled | Should -BeTrue
    }
}
