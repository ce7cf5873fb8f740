BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
    # Changes one byte of the largest blob, which is the layer.
    function Set-Damage {
        $blob = Get-ChildItem "$env:CAN_ROOT/lib/images/blobs/sha256" | Microsoft.PowerShell.Utility\Sort-Object Length | Select-Object -Last 1
        $file = [IO.File]::OpenWrite($blob.FullName)
        $file.Position = 700
        $file.WriteByte(0xEE)
        $file.Dispose()
        $blob.FullName
    }
}
AfterAll { Clear-CanTest }

Describe 'Test-CanStorage' {
    It 'says nothing about a store that is whole' {
        Test-CanStorage | Should -BeNullOrEmpty
        Test-CanStorage -Deep | Should -BeNullOrEmpty
        Test-CanStorage -Quiet | Should -BeTrue
    }
    It 'finds a damaged blob, and removes its image with -Repair' {
        $path = Set-Damage
        $problems = Test-CanStorage
        $problems | Should -BeOfType Can.Engine.Storage.Upkeep.StorageProblem
        $problems.Kind | Should -Be Blob, Image
        $problems[0].Path | Should -Be $path
        $problems[1].Problem | Should -BeLike '*busybox:latest*'
        $problems.Remedy | ForEach-Object { $_ | Should -Not -BeNullOrEmpty }
        Test-CanStorage -Quiet | Should -BeFalse
        (Test-CanStorage -Repair -WhatIf).Repaired | Should -Be $false, $false
        (Test-CanStorage -Repair -Confirm:$false).Repaired | Should -Be $true, $true
        Test-CanStorage -Quiet | Should -BeTrue
        Get-CanImage | Should -BeNullOrEmpty
        $null = Import-CanImage (Get-BusyboxRoot) -Reference busybox
        Invoke-CanContainer busybox echo works | Should -Be works
    }
    It 'finds a changed layer, and unpacks it anew with -Repair unless a container has it mounted' {
        $layer = "$env:CAN_ROOT/lib/layers/$((Get-CanImage busybox).Layers[0])/root"
        $container = New-CanContainer busybox sleep 1000
        Remove-Item "$layer/etc/passwd"
        (Test-CanStorage).Problem | Should -BeLike '*/etc/passwd*missing*'
        Get-CanErrorId { Test-CanStorage -Repair -Confirm:$false } | Should -Be LayerInUse
        $container | Remove-CanContainer -Force
        (Test-CanStorage -Repair -Confirm:$false).Repaired | Should -BeTrue
        "$layer/etc/passwd" | Should -Exist
        Test-CanStorage -Deep -Quiet | Should -BeTrue
    }
    It 'shows problems' {
        New-Item -ItemType Directory "$env:CAN_ROOT/lib/staging/left" -Force | Out-Null
        $problem = Test-CanStorage
        $problem.Kind | Should -Be Leftover
        $problem | Format-Table | Out-String -Width 300 | Should -Match 'Leftover.*staging/left'
        Test-CanStorage -Quiet | Should -BeTrue -Because 'what is left over does no harm'
        (Test-CanStorage -Repair -Confirm:$false).Repaired | Should -BeTrue
        Test-CanStorage | Should -BeNullOrEmpty
    }
}
