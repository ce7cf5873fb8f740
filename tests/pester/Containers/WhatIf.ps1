# Dot-sourced in a Describe: a cmdlet that changes containers can be asked what it would do, and is silent but for -PassThru.
param([string] $Cmdlet, [scriptblock] $Arrange = { New-CanContainer busybox -Name $args[0] sleep 1000 }, [hashtable] $With = @{})

Context 'caution' -ForEach @{ Cmdlet = $Cmdlet; Arrange = $Arrange; With = $With } {
    BeforeEach { $one = & $Arrange one }
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'changes nothing with -WhatIf' {
        $before = Get-CanContainer one
        $trace = Get-CanTrace
        & $Cmdlet one @With -WhatIf -PassThru 6>$null | Should -BeNullOrEmpty
        $after = Get-CanContainer *
        $after.Name | Should -Be one
        $after.State | Should -Be $before.State
        $after.StartedAt | Should -Be $before.StartedAt
        ($after.Limits | ConvertTo-Json) | Should -Be ($before.Limits | ConvertTo-Json)
        Compare-CanTrace $trace | Should -BeNullOrEmpty
    }

    It 'writes the container with -PassThru only' {
        & $Cmdlet one @With | Should -BeNullOrEmpty
        $other = & $Arrange other
        $passed = & $Cmdlet other @With -PassThru
        $passed | Should -HaveCount 1
        $passed.Id | Should -Be $other.Id
        $passed | Should -BeOfType Can.Engine.Containers.Container
    }
}
