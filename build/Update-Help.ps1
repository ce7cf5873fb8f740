<#
.SYNOPSIS
Writes the module's help (module/en-US/CanPS.dll-Help.xml) from the documentation comments of the cmdlets.
.DESCRIPTION
A cmdlet's summary, remarks and examples and its parameters' summaries are written once, in the C# source; this puts them, with
what Get-Command knows of parameters, into the form that Get-Help reads. Build first, run this after a change, and commit the
result: a build needs no pwsh. A test compares the two.
.EXAMPLE
dotnet build Can.sln; ./build/Update-Help.ps1
#>
param(
    # The staged module.
    [string] $Module = "$PSScriptRoot/../output/Can/Can.psd1",
    # The compiler's documentation file.
    [string] $Documentation = "$PSScriptRoot/../src/CanPS/bin/Debug/net10.0/CanPS.xml",
    # The file to write.
    [string] $OutFile = "$PSScriptRoot/../module/en-US/CanPS.dll-Help.xml"
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$maml = 'http://schemas.microsoft.com/maml/2004/10'
$command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
$dev = 'http://schemas.microsoft.com/maml/dev/2004/10'
$common = [Management.Automation.PSCmdlet]::CommonParameters
$standard = @{
    WhatIf = 'Shows what would happen, and does nothing.'
    Confirm = 'Asks before every change.'
}

function Open([string] $Name, [hashtable] $Attributes = @{}) {
    $prefix, $local = $Name -split ':'
    $writer.WriteStartElement($prefix, $local, (Get-Variable $prefix -ValueOnly))
    foreach ($key in $Attributes.Keys | Sort-Object) { $writer.WriteAttributeString($key, $Attributes[$key]) }
}
function Close { $writer.WriteEndElement() }
function Text([string] $Name, [string] $Value) { Open $Name; $writer.WriteString($Value); Close }
function Paragraphs([string] $Name, [string[]] $Values) {
    Open $Name
    foreach ($value in $Values) { Text maml:para $value }
    Close
}

# A documentation comment's text on one line; <see cref="T:A.B"/> is B.
function ToPlain([Xml.XmlNode] $Node) {
    $text = $Node.InnerXml -replace '<see cref="[^"]*?([^".]+)"\s*/>', '$1' -replace '</?c>', '' -replace '<[^>]+>', ''
    ([Net.WebUtility]::HtmlDecode($text) -replace '\s+', ' ').Trim()
}
function MemberOf([string] $Id) {
    $documents.SelectSingleNode("/doc/members/member[@name='$Id']") ?? $(throw "$Id has no documentation comment.")
}
function DescribeParameter([Management.Automation.CommandInfo] $Cmdlet, [string] $Name) {
    if ($standard.ContainsKey($Name)) { return $standard[$Name] }
    $declaring = $Cmdlet.ImplementingType.GetProperty($Name).DeclaringType.FullName
    ToPlain (MemberOf "P:$declaring.$Name").SelectSingleNode('summary')
}
function TypeName([type] $Type) { ([Nullable]::GetUnderlyingType($Type) ?? $Type).Name }
function DefaultOf($Instance, [string] $Name) {
    if ($standard.ContainsKey($Name)) { return 'False' }
    $value = $Instance.$Name
    if ($null -eq $value -or @($value).Count -eq 0 -or "$value" -eq '') { 'None' } else { "$value" }
}

function WriteParameter($Cmdlet, $Parameter, $Instance, [bool] $Described) {
    $fromPipeline = @(
        if ($Parameter.ValueFromPipeline) { 'ByValue' }
        if ($Parameter.ValueFromPipelineByPropertyName) { 'ByPropertyName' }
    ) -join ', '
    $metadata = $Cmdlet.Parameters[$Parameter.Name]
    Open command:parameter @{
        required = "$($Parameter.IsMandatory)".ToLowerInvariant()
        position = $Parameter.Position -ge 0 ? "$($Parameter.Position)" : 'named'
        pipelineInput = $fromPipeline ? "True ($fromPipeline)" : 'False'
        globbing = "$([bool] $metadata.Attributes.Where({ $_ -is [SupportsWildcards] }))".ToLowerInvariant()
        variableLength = "$($Parameter.ParameterType.IsArray)".ToLowerInvariant()
        aliases = ($Parameter.Aliases -join ', ') ? $Parameter.Aliases -join ', ' : 'none'
    }
    Text maml:name $Parameter.Name
    if ($Described) { Paragraphs maml:description (DescribeParameter $Cmdlet $Parameter.Name) }
    if ($Parameter.ParameterType -ne [switch]) {
        Open command:parameterValue @{ required = 'true' }
        $writer.WriteString((TypeName $Parameter.ParameterType))
        Close
    }
    if ($Described) { Text dev:defaultValue (DefaultOf $Instance $Parameter.Name) }
    Close
}

function OrderedParameters($Set) {
    $Set.Parameters | Where-Object Name -notin $common |
        Sort-Object { $_.Position -ge 0 ? $_.Position : 1000 }, { -not $_.IsMandatory }, { $standard.ContainsKey($_.Name) }, Name
}

function WriteTypes([string] $Outer, [string] $Inner, [string[]] $Names) {
    Open $Outer
    foreach ($name in $Names | Sort-Object -Unique) {
        Open $Inner
        Open dev:type
        Text maml:name $name
        Close
        Close
    }
    Close
}

function WriteCommand([Management.Automation.CmdletInfo] $Cmdlet) {
    $member = MemberOf "T:$($Cmdlet.ImplementingType.FullName)"
    $instance = [Activator]::CreateInstance($Cmdlet.ImplementingType)
    $every = $Cmdlet.ParameterSets | ForEach-Object { OrderedParameters $_ } | Sort-Object Name -Unique

    Open command:command
    Open command:details
    Text command:name $Cmdlet.Name
    Paragraphs maml:description (ToPlain $member.SelectSingleNode('summary'))
    Text command:verb $Cmdlet.Verb
    Text command:noun $Cmdlet.Noun
    Close
    Paragraphs maml:description @($member.SelectNodes('remarks/para') | ForEach-Object { ToPlain $_ })

    Open command:syntax
    foreach ($set in $Cmdlet.ParameterSets | Sort-Object { -not $_.IsDefault }, Name) {
        Open command:syntaxItem
        Text maml:name $Cmdlet.Name
        foreach ($parameter in OrderedParameters $set) { WriteParameter $Cmdlet $parameter $instance $false }
        Close
    }
    Close

    Open command:parameters
    foreach ($parameter in $every) { WriteParameter $Cmdlet $parameter $instance $true }
    Close
    WriteTypes command:inputTypes command:inputType @(
        $every | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName } |
            ForEach-Object { $type = $_.ParameterType; ($type.IsArray ? $type.GetElementType() : $type).FullName })
    WriteTypes command:returnValues command:returnValue @($Cmdlet.OutputType.Name | Where-Object { $_ -ne 'System.Void' })

    Open command:examples
    $number = 0
    foreach ($example in $member.SelectNodes('example')) {
        $number++
        Open command:example
        Text maml:title "Example $number"
        Text dev:code $example.SelectSingleNode('code').InnerText
        Paragraphs dev:remarks (ToPlain $example.SelectSingleNode('para'))
        Close
    }
    Close
    Close
}

Import-Module $Module
[xml] $documents = Get-Content $Documentation -Raw
$null = New-Item -ItemType Directory -Force (Split-Path $OutFile)
$settings = [Xml.XmlWriterSettings] @{ Indent = $true; NewLineChars = "`n"; Encoding = [Text.UTF8Encoding]::new($false) }
$writer = [Xml.XmlWriter]::Create($OutFile, $settings)
try {
    $writer.WriteComment(' Written by build/Update-Help.ps1 from the documentation comments of the cmdlets: change those. ')
    $writer.WriteStartElement('helpItems', 'http://msh')
    $writer.WriteAttributeString('schema', 'maml')
    foreach ($prefix in 'maml', 'command', 'dev') {
        $writer.WriteAttributeString('xmlns', $prefix, $null, (Get-Variable $prefix -ValueOnly))
    }
    Get-Command -Module Can -CommandType Cmdlet | Sort-Object Noun, Verb | ForEach-Object { WriteCommand $_ }
    $writer.WriteEndElement()
    $writer.WriteRaw("`n")
}
finally {
    $writer.Dispose()
}
