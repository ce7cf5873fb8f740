BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest
}
AfterAll { Clear-CanTest }

Describe 'Get-CanStartPlan' {
    BeforeAll { $container = New-CanContainer busybox -Name planned -NoStart -Memory 64MB -Volume /tmp:/here sleep 1000 }

    It 'shows the steps of a container''s start, in their order' {
        $plan = Get-CanStartPlan planned
        $plan.Index | Should -Be (0..($plan.Count - 1))
        $operations = $plan.Operation | ForEach-Object ToString
        foreach ($operation in 'Clone', 'Overlay', 'PivotRoot', 'Capabilities', 'Seccomp', 'Execute') { $operations | Should -Contain $operation }
        [array]::IndexOf($operations, 'Clone') | Should -BeLessThan ([array]::IndexOf($operations, 'PivotRoot'))
        [array]::IndexOf($operations, 'PivotRoot') | Should -BeLessThan ([array]::IndexOf($operations, 'Execute'))
        $plan[[array]::IndexOf($operations, 'Execute')].Description | Should -Match 'sleep'
        ($plan.Description -join "`n") | Should -Match '/here'
        $plan.Stage | ForEach-Object ToString | Select-Object -Unique | Should -Contain Teardown
        (Get-CanContainer planned).State | Should -Be Created
    }

    It 'takes containers by name, Id, object and from a remote session' {
        $count = (Get-CanStartPlan planned).Count
        ('planned' | Get-CanStartPlan).Count | Should -Be $count
        ($container | Get-CanStartPlan).Count | Should -Be $count
        (Get-CanStartPlan -Id $container.ShortId).Count | Should -Be $count
        (ConvertTo-Remote $container | Get-CanStartPlan).Count | Should -Be $count
        (Get-CanStartPlan p*).Count | Should -Be $count
    }

    It 'shows the plan of a container that is not made' {
        $before = Get-CanTrace
        $plan = Get-CanStartPlan -Image busybox -ReadOnly -Command echo, hello
        $plan.Operation | ForEach-Object ToString | Should -Contain RootReadOnly
        Get-CanImage busybox | Get-CanStartPlan -Command echo | Should -Not -BeNullOrEmpty
        Compare-CanTrace $before | Should -BeNullOrEmpty
    }

    It 'says that there is no such container or image' {
        Get-CanErrorId { Get-CanStartPlan nosuch } | Should -Be ContainerNotFound
        Get-CanErrorId { Get-CanStartPlan -Image nosuch true } | Should -Be ImageNotFound
        Get-CanStartPlan nosuch* | Should -BeNullOrEmpty
    }
}
