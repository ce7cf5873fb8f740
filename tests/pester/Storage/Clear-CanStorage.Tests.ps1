BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Clear-CanStorage' {
    BeforeEach {
        $null = Import-CanImage (Get-BusyboxRoot) -Reference busybox
        $nameless = Import-CanImage (Get-BusyboxRoot) -Environment N=1
        $running = New-CanContainer busybox -Volume used:/data -- sleep 1000
        $ended = New-CanContainer busybox -Volume /data -- true | Wait-CanContainer
        $null = New-CanVolume unused
    }
    AfterEach {
        Get-CanContainer | Remove-CanContainer -Force
        Get-CanVolume | Remove-CanVolume
        Get-CanImage | Remove-CanImage -Force
    }

    It 'removes what nobody needs, carefully' {
        $gone = Clear-CanStorage -Force
        $gone | Should -BeOfType Can.Engine.Storage.Upkeep.StorageItem
        $gone.Kind | Should -Be Container, Image
        $gone.Name | Should -Be $ended.Name, $nameless.ShortId
        $gone.Size | ForEach-Object { $_ | Should -BeGreaterThan 0 }
        (Get-CanContainer).Name | Should -Be $running.Name
        (Get-CanVolume).Name | Should -Be unused, used -Because 'the anonymous one went with its container'
        (Get-CanImage).References | Should -Be busybox:latest
        Invoke-CanExec $running.Name echo unharmed | Should -Be unharmed
        Clear-CanStorage -Force | Should -BeNullOrEmpty
    }
    It 'removes everything that is not in use with -All' {
        $null = Import-CanImage (Get-BusyboxRoot) -Reference other -Environment N=2
        (Clear-CanStorage -All -Force).Kind | Should -Be Container, Image, Image, Volume
        (Get-CanImage).References | Should -Be busybox:latest
        (Get-CanVolume).Name | Should -Be used
    }
    It 'removes one kind: <Kind>' -ForEach @(
        @{ Kind = 'Container'; Names = { $ended.Name } }, @{ Kind = 'Image'; Names = { $nameless.ShortId } }, @{ Kind = 'Volume'; Names = { } }
    ) {
        $chosen = @{ $Kind = $true }
        (Clear-CanStorage @chosen -Force).Name | Should -Be (& $Names)
    }
    It 'plans with -WhatIf as if each had gone' {
        $before = Get-CanTrace
        $running | Stop-CanContainer -Force
        $planned = pwsh -NoProfile -NonInteractive -Command "Import-Module '$((Get-Module Can).Path)'; Clear-CanStorage -All -Force -WhatIf"
        $planned | Should -HaveCount 6 -Because 'two containers, two images and two named volumes would go'
        $planned -join "`n" | Should -Match "(?s)Remove container.*$($ended.Name).*Remove image.*busybox:latest.*Remove volume.*unused"
        Compare-CanTrace $before | Where-Object { $_ -notmatch 'cgroup|process' } | Should -BeNullOrEmpty
    }
    It 'asks when nobody said -Force' {
        { pwsh -NoProfile -NonInteractive -Command "Import-Module '$((Get-Module Can).Path)'; Clear-CanStorage -ErrorAction Stop" 2>&1 } | Should -Not -Throw
        Get-CanContainer $ended.Name | Should -Not -BeNullOrEmpty
    }
    It 'does not ask with -Confirm:$false' {
        (Clear-CanStorage -Container -Confirm:$false).Name | Should -Be $ended.Name
    }
}
