# The command can and the cmdlets are two doors of one house: what one makes, the other sees at once.
BeforeAll {
    Import-Module "$PSScriptRoot/CanTest.psm1"
    Initialize-CanTest
    $can = (Resolve-Path "$PSScriptRoot/../../src/Can.Cli/bin/Debug/net10.0/can").Path

    # Fails the test with what it said when it fails.
    function Invoke-CanCommand {
        $output = & $can @args 2>&1
        $LASTEXITCODE | Should -Be 0 -Because "can $args said: $output"
        $output
    }
}
AfterAll { Clear-CanTest }

Describe 'can beside the cmdlets' {
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'runs a container that is an object for Get-CanContainer' {
        $id = Invoke-CanCommand run -d --name web --network none -m 64m --label tier=front busybox sleep 1000

        $container = Get-CanContainer web
        $container.Id | Should -Be $id
        $container.State | Should -Be Running
        $container.Limits.MemoryBytes | Should -Be 64MB
        $container.Labels['tier'] | Should -Be front
        $container | Stop-CanContainer -Force
        Invoke-CanCommand ps -a --filter name=web --format '{{.State}}' | Should -Be exited
    }
    It 'sees what New-CanContainer made' {
        $container = New-CanContainer busybox -Name made -- sh -c 'echo from the module; sleep 1000'

        Invoke-CanCommand ps --no-trunc -q | Should -Be $container.Id
        Wait-Until { (& $can logs made) -eq 'from the module' }
        Invoke-CanCommand exec made echo inside | Should -Be inside
        Invoke-CanCommand stop -t 0 made | Should -Be made
        $container.Refresh()
        $container.State | Should -Be Exited
    }
    It 'shares images, tags and volumes' {
        Invoke-CanCommand tag busybox shared:1
        (Get-CanImage shared:1).References | Should -Contain busybox:latest
        $null = New-CanVolume data
        Invoke-CanCommand volume ls -q | Should -Be data
        Invoke-CanCommand volume rm data
        Get-CanVolume data -ErrorAction Ignore | Should -BeNullOrEmpty
        Remove-CanImageTag shared:1
        Invoke-CanCommand images -q shared | Should -BeNullOrEmpty
    }
    It 'waits for a container that the other ends' {
        $null = New-CanContainer busybox -Name ended -- sleep 1000
        $waiting = Start-ThreadJob { & $using:can wait ended }
        Stop-CanContainer ended -Force
        $waiting | Receive-Job -Wait -AutoRemoveJob | Should -Be 137
    }
    It 'attaches to what the module started' {
        $null = New-CanContainer busybox -Name reader -Interactive -- sh -c 'read line; echo got $line'
        'words' | & $can attach reader | Should -Be 'got words'
    }
    It 'leaves an error in its own words' {
        $message = & $can start nosuch 2>&1
        $LASTEXITCODE | Should -Be 1
        "$message" | Should -Match "^can: .*'nosuch'.*can ps -a"
    }
}
