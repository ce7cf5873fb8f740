# The module as a whole: its manifest, and what every cmdlet must have.
BeforeDiscovery {
    $repository = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$repository/output/Can/Can.psd1"
    $cmdlets = Get-Command -Module Can -CommandType Cmdlet | ForEach-Object { @{ Name = $_.Name; Cmdlet = $_ } }
    $reading = 'Get', 'Test', 'Measure', 'Wait', 'Enter', 'Connect', 'Compare'
    $changing = $cmdlets | Where-Object { $_.Cmdlet.Verb -notin $reading }
    $finding = $cmdlets | Where-Object { $_.Cmdlet.ParameterSets.Name -contains 'InputObject' -and $_.Cmdlet.Parameters.ContainsKey('Id') -and $_.Cmdlet.Noun -notlike 'CanImage*' }
    $shown = $cmdlets | ForEach-Object { $_.Cmdlet.OutputType.Type } | Where-Object { $_ -and $_.Namespace -notlike 'System*' } |
        Sort-Object FullName -Unique | ForEach-Object { @{ Type = $_.FullName } }
    $documentation = "$repository/src/CanPS/bin/Debug/net10.0/CanPS.xml"
}

BeforeAll {
    $repository = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$repository/output/Can/Can.psd1"
    $common = [Management.Automation.PSCmdlet]::CommonParameters
}

Describe 'The module' {
    BeforeAll { $manifest = Test-ModuleManifest "$repository/output/Can/Can.psd1" }

    It 'exports its cmdlets by name, and nothing else' {
        $assembly = (Get-Module Can).ImplementingAssembly
        $written = $assembly.GetTypes() | ForEach-Object { $_.GetCustomAttributes([Management.Automation.CmdletAttribute], $false) } |
            ForEach-Object { "$($_.VerbName)-$($_.NounName)" } | Sort-Object
        $manifest.ExportedCmdlets.Keys | Sort-Object | Should -Be $written
        (Get-Content "$repository/output/Can/Can.psd1" -Raw) | Should -Not -Match "Export = .*\*"
        $manifest.ExportedFunctions.Count + $manifest.ExportedAliases.Count + $manifest.ExportedVariables.Count | Should -Be 0
    }

    It 'is for PowerShell Core' { $manifest.CompatiblePSEditions | Should -Be Core }
    It 'has a description' { $manifest.Description | Should -Not -BeNullOrEmpty }
    It 'carries the helper' { "$repository/output/Can/can-monitor" | Should -Exist }
    It 'does not carry PowerShell' { Get-ChildItem "$repository/output/Can" -Filter System.*.dll | Should -BeNullOrEmpty }
    It 'imports without a warning' {
        pwsh -NoProfile -NonInteractive -Command "Import-Module '$repository/output/Can/Can.psd1'" 2>&1 3>&1 | Should -BeNullOrEmpty
    }
    It 'has the help that the source says' -Skip:(-not (Test-Path $documentation)) {
        & "$repository/build/Update-Help.ps1" -OutFile "$TestDrive/help.xml"
        Get-Content "$repository/output/Can/en-US/CanPS.dll-Help.xml" -Raw | Should -BeExactly (Get-Content "$TestDrive/help.xml" -Raw)
    }
}

Describe '<Name>' -ForEach $cmdlets {
    BeforeAll {
        $help = Get-Help $Name -Full
        $ownParameters = $Cmdlet.Parameters.Values | Where-Object Name -NotIn $common
    }

    It 'has an approved verb' { (Get-Verb).Verb | Should -Contain $Cmdlet.Verb }
    It 'says what it emits' { $Cmdlet.OutputType | Should -Not -BeNullOrEmpty }
    It 'has a synopsis' { $help.Synopsis.Trim() | Should -Match '^[A-Z].{8,}\.$' }
    It 'has a description' { ($help.description | Out-String).Trim().Length | Should -BeGreaterThan 40 }
    It 'has an example that uses it and parses' {
        $examples = @($help.examples.example)
        $examples.Count | Should -BeGreaterThan 0
        ($examples.code -join "`n") | Should -Match $Name
        foreach ($example in $examples) {
            $errors = $null
            $null = [Management.Automation.Language.Parser]::ParseInput($example.code, [ref] $null, [ref] $errors)
            $errors | Should -BeNullOrEmpty -Because $example.code
            ($example.remarks | Out-String).Trim() | Should -Not -BeNullOrEmpty
        }
    }
    It 'describes each parameter' {
        foreach ($parameter in $ownParameters) {
            $text = ($help.parameters.parameter | Where-Object name -EQ $parameter.Name).description | Out-String
            $text.Trim() | Should -Not -BeNullOrEmpty -Because "-$($parameter.Name) needs a description"
        }
    }
    It 'has a syntax line for each parameter set' {
        @($help.syntax.syntaxItem).Count | Should -Be $Cmdlet.ParameterSets.Count
    }
    It 'has parameter names in PascalCase' { $ownParameters | ForEach-Object { $_.Name | Should -MatchExactly '^(IP(v6)?)?([A-Z][a-z]+)*$' } }
    It 'has one default parameter set at most, and a set without a doubt' {
        @($Cmdlet.ParameterSets | Where-Object IsDefault).Count | Should -BeLessOrEqual 1
        if ($Cmdlet.ParameterSets.Count -gt 1) { $Cmdlet.DefaultParameterSet | Should -BeIn $Cmdlet.ParameterSets.Name }
    }
}

Describe '<Name> changes something' -ForEach $changing {
    It 'asks before, where that is wanted' { $Cmdlet.Parameters.Keys | Should -Contain WhatIf }
    It 'emits with -PassThru only, or always, or as a result' {
        $always = $Cmdlet.Verb -in 'New', 'Import', 'Invoke', 'Clear', 'Save', 'Receive' -or $Cmdlet.Name -eq 'Send-CanImage' # what it emits is the result
        $Cmdlet.Parameters.ContainsKey('PassThru') | Should -Be (-not $always)
    }
}

Describe '<Name> finds containers as all do' -ForEach $finding {
    It 'takes -Name at position 0, by value only, completed, with wildcards' {
        $name = ($Cmdlet.ParameterSets | Where-Object Name -EQ Name).Parameters | Where-Object Name -EQ Name
        $Cmdlet.DefaultParameterSet | Should -Be Name
        # Networks are what Connect-CanNetwork and its counterpart are about: theirs come first.
        $name.Position | Should -Be ($Cmdlet.Noun -eq 'CanNetwork' ? 1 : 0)
        $name.IsMandatory | Should -Be ($Cmdlet.Name -ne 'Get-CanContainer')
        $name.ValueFromPipeline | Should -BeTrue
        $name.ValueFromPipelineByPropertyName | Should -BeFalse
        $kinds = $Cmdlet.Parameters.Name.Attributes.ForEach({ $_.GetType().Name })
        $kinds | Should -Contain ArgumentCompleterAttribute
        $kinds | Should -Contain SupportsWildcardsAttribute
    }
    It 'takes -Id by property name only' {
        $id = ($Cmdlet.ParameterSets | Where-Object Name -EQ Id).Parameters | Where-Object Name -EQ Id
        $id.IsMandatory | Should -BeTrue
        $id.ValueFromPipeline | Should -BeFalse
        $id.ValueFromPipelineByPropertyName | Should -BeTrue
    }
    It 'takes -InputObject by value' {
        $object = ($Cmdlet.ParameterSets | Where-Object Name -EQ InputObject).Parameters | Where-Object Name -EQ InputObject
        $object.IsMandatory | Should -BeTrue
        $object.ValueFromPipeline | Should -BeTrue
        $object.ParameterType.GetElementType().FullName | Should -Be Can.Engine.Containers.Container
    }
}

Describe 'The view of <Type>' -ForEach $shown {
    It 'is there' { Get-FormatData -TypeName $Type | Should -Not -BeNullOrEmpty }
}

Describe 'Completion of <Line>' -ForEach @(
    @{ Line = 'Send-CanSignal web SIGUS'; Expected = 'SIGUSR1' }
    @{ Line = 'New-CanContainer -CapAdd net_a'; Expected = 'NET_ADMIN' }
    @{ Line = 'New-CanContainer -Pull al'; Expected = 'Always' }
    @{ Line = 'New-CanContainer -Platform linux/arm/'; Expected = 'linux/arm/v7' }
    @{ Line = 'Receive-CanImage -Platform linux/s'; Expected = 'linux/s390x' }
    @{ Line = 'New-CanContainer -RestartPolicy unl'; Expected = 'unless-stopped' }
    @{ Line = 'New-CanContainer -SecurityOption sec'; Expected = 'seccomp=unconfined' }
    @{ Line = 'New-CanContainer -Ulimit nof'; Expected = 'nofile=' }
    @{ Line = 'New-CanContainer -Network h'; Expected = 'host' }
    @{ Line = 'Get-CanContainer -State Ex'; Expected = 'Exited' }
    @{ Line = 'Wait-CanContainer -Condition Re'; Expected = 'Removed' }
) {
    It 'gives <Expected>' {
        [Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches.CompletionText |
            Should -Contain $Expected
    }
}
