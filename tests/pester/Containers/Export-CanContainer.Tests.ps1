BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Export-CanContainer' {
    BeforeAll { $target = Get-Scratch exports }
    AfterEach {
        Get-CanContainer | Remove-CanContainer -Force
        Get-ChildItem $target -Force | Remove-Item
    }

    . "$PSScriptRoot/Finding.ps1" Export-CanContainer -Names { $_.BaseName } -With @{
        Path = [IO.Path]::GetTempPath() + "can-pester-exports-$PID"; Force = $true; PassThru = $true
    } -Arrange {
        $null = New-Item -ItemType Directory -Force ([IO.Path]::GetTempPath() + "can-pester-exports-$PID")
        New-CanContainer busybox -Name $args[0] -NoStart true
    }
    AfterAll { Remove-Item -Recurse ([IO.Path]::GetTempPath() + "can-pester-exports-$PID") -ErrorAction Ignore }

    It 'writes what tar unpacks and Import-CanImage takes' {
        $null = New-CanContainer busybox -Name web -Volume /data -- sh -c 'echo hello > /greeting; echo x > /data/file' | Wait-CanContainer -Timeout 120
        Export-CanContainer web "$target/web.tar" | Should -BeNullOrEmpty
        tar -xOf "$target/web.tar" greeting | Should -Be hello
        tar -tf "$target/web.tar" | Where-Object { $_ -like 'data/*' } | Should -Be 'data/'
        (Import-CanImage "$target/web.tar" again).References | Should -Be again:latest
        Invoke-CanContainer again cat /greeting | Should -Be hello
        Remove-CanImage again
    }

    It 'names the file after the container in a directory' {
        $null = New-CanContainer busybox -Name named -NoStart true
        $file = Export-CanContainer named $target -PassThru
        $file | Should -BeOfType IO.FileInfo
        $file.FullName | Should -Be "$target/named.tar"
        $file.UnixFileMode | Should -Be 'UserWrite, UserRead'
    }

    It 'replaces a file with -Force only' {
        $null = New-CanContainer busybox -Name again -NoStart true
        'mine' > "$target/again.tar"
        $failure = Get-CanError { Export-CanContainer again "$target/again.tar" }
        $failure.Id | Should -Be FileExists
        $failure.Category | Should -Be ResourceExists
        Get-Content "$target/again.tar" | Should -Be mine
        Export-CanContainer again "$target/again.tar" -Force
        (Get-Item "$target/again.tar").Length | Should -BeGreaterThan 100000
    }

    It 'says that there is no such directory' {
        $null = New-CanContainer busybox -Name lost -NoStart true
        Get-CanErrorId { Export-CanContainer lost "$target/no/where.tar" } | Should -Be PathNotFound
    }

    It 'writes nothing with -WhatIf' {
        $null = New-CanContainer busybox -Name what -NoStart true
        Export-CanContainer what $target -WhatIf 6>$null
        Get-ChildItem $target | Should -BeNullOrEmpty
    }

    It 'leaves nothing when it is stopped' {
        $null = New-CanContainer busybox -Name big -- sh -c 'for i in 1 2 3 4 5 6 7 8; do head -c 100000000 /dev/zero | tr "\0" x > /$i; done' | Wait-CanContainer -Timeout 300
        $shell = [PowerShell]::Create()
        $null = $shell.AddScript("Import-Module '$((Get-Module Can).Path)'; Export-CanContainer big '$target/big.tar'")
        $run = $shell.BeginInvoke()
        Wait-Until { Get-ChildItem $target -Force } -Because 'it writes'
        $shell.Stop()
        Wait-Until { $run.IsCompleted } -Because 'it has stopped'
        Get-ChildItem $target -Force | Should -BeNullOrEmpty
        $shell.Dispose()
    }
}
