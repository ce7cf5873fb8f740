# Add-CanImageTag, Remove-CanImageTag and Get-CanImageHistory.
BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
    $busybox = Get-CanImage busybox
}
AfterAll { Clear-CanTest }

Describe 'Add-CanImageTag' {
    AfterEach { (Get-CanImage -Id $busybox.Id).References | Where-Object { $_ -ne 'busybox:latest' } | Remove-CanImageTag }

    It 'gives a reference, and several' {
        Add-CanImageTag busybox a:1 | Should -BeNullOrEmpty
        (Add-CanImageTag busybox b, registry.example:5000/c:2 -PassThru).References | Should -Be a:1, b:latest, busybox:latest, registry.example:5000/c:2
        (Get-CanImage registry.example:5000/c:2).Id | Should -Be $busybox.Id
    }
    It 'gives to <How>' -ForEach @(
        @{ How = 'an Id'; Do = { Add-CanImageTag -Id $busybox.ShortId -Tag a:1 -PassThru } }
        @{ How = 'references from the pipeline'; Do = { 'busybox' | Add-CanImageTag -NewReference a:1 -PassThru } }
        @{ How = 'images from the pipeline'; Do = { Get-CanImage busybox | Add-CanImageTag -NewReference a:1 -PassThru } }
        @{ How = 'images from elsewhere'; Do = { ConvertTo-Remote $busybox | Add-CanImageTag -NewReference a:1 -PassThru } }
    ) { (& $Do).References | Should -Be a:1, busybox:latest }
    It 'gives nothing with -WhatIf' {
        Add-CanImageTag busybox a:1 -WhatIf
        (Get-CanImage busybox).References | Should -Be busybox:latest
    }
    It 'says what is wrong' {
        $failure = Get-CanError { Add-CanImageTag busybox 'not one' }
        $failure.Id | Should -Be ReferenceInvalid
        $failure.Category | Should -Be InvalidArgument
        Get-CanErrorId { Add-CanImageTag busybox "a@sha256:$('0' * 64)" } | Should -Be ReferenceInvalid
        Get-CanErrorId { Add-CanImageTag nosuch a:1 } | Should -Be ImageNotFound
        Get-CanErrorId { Add-CanImageTag -Id ffffffffffff0 a:1 } | Should -Be ImageNotFound
    }
    It 'completes references in their short form' {
        [Management.Automation.CommandCompletion]::CompleteInput('Add-CanImageTag bus', 19, $null).CompletionMatches.CompletionText | Should -Contain busybox:latest
    }
}

Describe 'Remove-CanImageTag' {
    BeforeEach { Add-CanImageTag -Id $busybox.Id busybox, a:1, a:2, b:1 }
    AfterAll { Add-CanImageTag -Id $busybox.Id busybox }

    It 'takes <How>' -ForEach @(
        @{ How = 'a reference'; Do = { Remove-CanImageTag a:1 }; Left = 'a:2', 'b:1', 'busybox:latest' }
        @{ How = 'several'; Do = { Remove-CanImageTag a:1, b:1 }; Left = 'a:2', 'busybox:latest' }
        @{ How = 'a pattern'; Do = { Remove-CanImageTag a:* }; Left = 'b:1', 'busybox:latest' }
        @{ How = 'references from the pipeline'; Do = { 'a:1', 'a:2' | Remove-CanImageTag }; Left = 'b:1', 'busybox:latest' }
    ) {
        & $Do | Should -BeNullOrEmpty
        (Get-CanImage -Id $busybox.Id).References | Should -Be $Left
    }
    It 'takes the last one and leaves the image, by <How>' -ForEach @(
        @{ How = 'Id'; Do = { Remove-CanImageTag -Id $busybox.ShortId -PassThru } }
        @{ How = 'object'; Do = { Get-CanImage busybox | Remove-CanImageTag -PassThru } }
    ) {
        $image = & $Do
        $image.Id | Should -Be $busybox.Id
        $image.References | Should -BeNullOrEmpty
        Invoke-CanContainer $busybox.ShortId echo unharmed | Should -Be unharmed
    }
    It 'takes nothing with -WhatIf' {
        Remove-CanImageTag a:1 -WhatIf
        (Get-CanImage a:1).Id | Should -Be $busybox.Id
    }
    It 'says that there is none' {
        $failure = Get-CanError { Remove-CanImageTag nosuch }
        $failure.Id | Should -Be ImageNotFound
        $failure.Category | Should -Be ObjectNotFound
    }
}

Describe 'Get-CanImageHistory' {
    It 'shows how an image was made, for <How>' -ForEach @(
        @{ How = 'a reference'; Do = { Get-CanImageHistory busybox } }
        @{ How = 'an Id'; Do = { Get-CanImageHistory -Id $busybox.ShortId } }
        @{ How = 'images from the pipeline'; Do = { Get-CanImage busybox | Get-CanImageHistory } }
    ) {
        $step = & $Do
        $step | Should -BeOfType Can.Engine.Images.ImageHistoryEntry
        $step.CreatedBy | Should -Be Import-CanImage
        $step.Layer | Should -Be $busybox.Layers[0]
        $step.Size | Should -Be $busybox.Size
        $step.EmptyLayer | Should -BeFalse
        $step | Format-Table | Out-String -Width 200 | Should -Match "$($step.Layer.Substring(0, 12)).*Import-CanImage"
    }
    It 'says that there is no such image' { Get-CanErrorId { Get-CanImageHistory nosuch } | Should -Be ImageNotFound }
}

Describe 'Get-CanImage' {
    It 'chooses by labels' {
        $labelled = Import-CanImage (Get-BusyboxRoot) -Reference labelled -Label team=web, tier=front
        (Get-CanImage -Label team).Id | Should -Be $labelled.Id
        (Get-CanImage -Label team=web, tier=front).Id | Should -Be $labelled.Id
        (Get-CanImage -Label @{ team = 'other' }) | Should -BeNullOrEmpty
        $labelled | Format-List | Out-String -Width 300 | Should -Match '(?s)Digest.*SharedSize.*Layers.*Labels.*team'
        Remove-CanImage labelled
    }
}
