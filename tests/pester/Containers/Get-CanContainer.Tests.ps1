BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Get-CanContainer' {
    . "$PSScriptRoot/Finding.ps1" Get-CanContainer -Arrange { New-CanContainer busybox -Name $args[0] -NoStart true }

    Context 'listing' {
        BeforeAll {
            $null = New-CanContainer busybox -Name web -Label @{ tier = 'front'; team = 'a' } sleep 1000
            $null = New-CanContainer busybox -Name base -Label tier=back -NoStart sleep 1000
            $null = New-CanContainer busybox -Name done -- sh -c 'exit 3' | Wait-CanContainer
        }
        AfterAll { Get-CanContainer | Remove-CanContainer -Force }

        It 'lists all in the order of their creation' { (Get-CanContainer).Name | Should -Be web, base, done }
        It 'selects by state' {
            (Get-CanContainer -State Running).Name | Should -Be web
            (Get-CanContainer -State Created, Exited).Name | Should -Be base, done
            Get-CanContainer -State Suspended | Should -BeNullOrEmpty
        }
        It 'selects by label' {
            (Get-CanContainer -Label tier=back).Name | Should -Be base
            (Get-CanContainer -Label tier).Name | Should -Be web, base
            (Get-CanContainer -Label @{ tier = 'front'; team = 'a' }).Name | Should -Be web
            Get-CanContainer -Label tier=back, team=a | Should -BeNullOrEmpty
        }

        It 'shows what is known about one that runs' {
            $web = Get-CanContainer web
            $web.Id | Should -Match '^[0-9a-f]{64}$'
            $web.ShortId | Should -Be $web.Id.Substring(0, 12)
            $web.Image | Should -Be busybox
            $web.ImageId | Should -Be (Get-CanImage busybox).Id
            $web.State | Should -Be Running
            $web.ExitCode | Should -BeNullOrEmpty
            $web.ProcessId | Should -BeGreaterThan 1
            $web.Command | Should -Be sleep, 1000
            $web.StartedAt | Should -BeGreaterOrEqual $web.CreatedAt
            $web.FinishedAt | Should -BeNullOrEmpty
            $web.Labels['tier'] | Should -Be front
            $web.Networks | Should -Be none
            $web.RestartCount | Should -Be 0
            "$web" | Should -Be web
        }
        It 'shows what is known about one that has ended' {
            $done = Get-CanContainer done
            $done.State | Should -Be Exited
            $done.ExitCode | Should -Be 3
            $done.OomKilled | Should -BeFalse
            $done.ProcessId | Should -BeNullOrEmpty
            $done.FinishedAt | Should -BeGreaterOrEqual $done.StartedAt
        }

        It 'gives snapshots that can be renewed' {
            $short = New-CanContainer busybox -Name short -Init sleep 1000
            Stop-CanContainer short
            $short.State | Should -Be Running
            $short.Refresh()
            $short.State | Should -Be Exited
            Remove-CanContainer short
            { $short.Refresh() } | Should -Throw
        }

        It 'is the same for every process that asks' {
            $module = (Get-Module Can).Path
            $seen = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command "Import-Module '$module'; (Get-CanContainer web).ProcessId"
            $seen | Should -Be (Get-CanContainer web).ProcessId
        }
    }

    It 'finds nothing in an empty root' {
        $full = $env:CAN_ROOT
        try {
            $env:CAN_ROOT = "$(Get-Scratch empty)/root"
            Get-CanContainer | Should -BeNullOrEmpty
        }
        finally {
            $env:CAN_ROOT = $full
        }
    }
}
