# Dot-sourced in a Describe: how a cmdlet finds the containers it works on. The same for all of them.
#   -Cmdlet   its name
#   -Arrange  makes a container of the name it is given, in a state that suits the cmdlet
#   -With     further parameters of the cmdlet
#   -Names    gives the names of the containers in the cmdlet's output, which arrives as its input
param(
    [string] $Cmdlet,
    [scriptblock] $Arrange = { New-CanContainer busybox -Name $args[0] sleep 1000 },
    [hashtable] $With = @{},
    [scriptblock] $Names = { $_.PSObject.Properties['Container'] ? $_.Container : $_.Name }
)

Context 'finding containers' -ForEach @{ Cmdlet = $Cmdlet; Arrange = $Arrange; With = $With; Names = $Names } {
    BeforeEach {
        $one = & $Arrange one
        $two = & $Arrange two
    }
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'takes a name' { & $Cmdlet one @With | ForEach-Object $Names | Select-Object -Unique | Should -Be one }
    It 'takes several names' { & $Cmdlet one, two @With | ForEach-Object $Names | Select-Object -Unique | Should -Be one, two }
    It 'takes a pattern' { & $Cmdlet t?o @With | ForEach-Object $Names | Select-Object -Unique | Should -Be two }
    It 'takes names from the pipeline' { 'one', 'two' | & $Cmdlet @With | ForEach-Object $Names | Select-Object -Unique | Should -Be one, two }
    It 'takes containers from the pipeline' { Get-CanContainer | & $Cmdlet @With | ForEach-Object $Names | Select-Object -Unique | Should -Be one, two }
    It 'takes what crossed a remote session' { ConvertTo-Remote $two | & $Cmdlet @With | ForEach-Object $Names | Select-Object -Unique | Should -Be two }
    It 'takes all of them mixed' { (ConvertTo-Remote $one), 'two' | & $Cmdlet @With | ForEach-Object $Names | Select-Object -Unique | Should -Be one, two }
    It 'takes the beginning of an Id' { & $Cmdlet -Id $one.Id.Substring(0, 10) @With | ForEach-Object $Names | Select-Object -Unique | Should -Be one }
    It 'takes an object' { & $Cmdlet -InputObject $two @With | ForEach-Object $Names | Select-Object -Unique | Should -Be two }

    It 'says that there is no such name, and does its work for the others' {
        $done = & $Cmdlet one, nosuch, two @With -ErrorAction SilentlyContinue -ErrorVariable failures | ForEach-Object $Names
        $done | Select-Object -Unique | Should -Be one, two
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'ContainerNotFound,CanPS.*'
        $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $failures[0].TargetObject | Should -Be nosuch
    }

    It 'says that there is no such Id' { Get-CanErrorId { & $Cmdlet -Id ffffffffffff0 @With } | Should -Be ContainerNotFound }
    It 'says nothing when no name fits a pattern' { & $Cmdlet nosuch* @With | Should -BeNullOrEmpty }

    It 'does not take a process for a container' {
        { Get-Process -Id $PID | & $Cmdlet @With } | Should -Throw
        (Get-CanContainer).Name | Should -Be one, two
    }
}
