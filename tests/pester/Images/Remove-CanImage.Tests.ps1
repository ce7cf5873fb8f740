BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Remove-CanImage' {
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'removes an image, and the layers that nobody needs' {
        $folder = Get-Scratch small
        Set-Content $folder/file only
        $before = Get-CanTrace
        $null = Import-CanImage $folder -Reference small
        Compare-CanTrace $before | Should -Not -BeNullOrEmpty
        Remove-CanImage small | Should -BeNullOrEmpty
        Compare-CanTrace $before | Should -BeNullOrEmpty
        Invoke-CanContainer busybox echo unharmed | Should -Be unharmed
    }

    It 'removes by <How>' -ForEach @(
        @{ How = 'pattern'; Do = { Remove-CanImage one* -PassThru } }
        @{ How = 'pipeline of references'; Do = { 'one:1' | Remove-CanImage -PassThru } }
        @{ How = 'pipeline of images'; Do = { Get-CanImage one:1 | Remove-CanImage -PassThru } }
        @{ How = 'Id'; Do = { Remove-CanImage -Id (Get-CanImage one:1).ShortId -PassThru } }
    ) {
        $image = Import-CanImage (Get-BusyboxRoot) -Reference one:1 -Environment N=1
        (& $Do).Id | Should -Be $image.Id
        (Get-CanImage).References | Should -Be busybox:latest
    }

    It 'removes a reference and leaves the others' {
        $image = Import-CanImage (Get-BusyboxRoot) -Reference a:1 -Environment N=1
        $null = Import-CanImage (Get-BusyboxRoot) -Reference a:2 -Environment N=1
        Remove-CanImage a:1
        (Get-CanImage a:2).Id | Should -Be $image.Id
        $null = Import-CanImage (Get-BusyboxRoot) -Reference a:3 -Environment N=1
        Get-CanErrorId { Remove-CanImage -Id $image.Id } | Should -Be ImageHasSeveralReferences
        Remove-CanImage -Id $image.Id -Force
        (Get-CanImage).References | Should -Be busybox:latest
    }

    It 'removes nothing with -WhatIf' {
        Remove-CanImage busybox -WhatIf
        (Get-CanImage).References | Should -Be busybox:latest
    }

    It 'refuses one that a container needs, and names that container' {
        $null = New-CanContainer busybox -Name needy -NoStart true
        $failure = Get-CanError { Remove-CanImage busybox }
        $failure.Id | Should -Be ImageInUse
        $failure.Message | Should -BeLike '*needy*'
        Get-CanErrorId { Get-CanImage busybox | Remove-CanImage -Force } | Should -Be ImageInUse
        Invoke-CanContainer busybox echo unharmed | Should -Be unharmed
    }

    It 'says that there is no such image' { Get-CanErrorId { Remove-CanImage nosuch } | Should -Be ImageNotFound }
}
