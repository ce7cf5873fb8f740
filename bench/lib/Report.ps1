# The machine's facts, the JSON document and the Markdown table.

function Get-FirstLine([string] $Program, [string[]] $Arguments) {
    if (-not (Get-Command $Program -CommandType Application -ErrorAction Ignore)) { return $null }
    & $Program @Arguments 2> $null | Select-Object -First 1
}

function Get-CgroupMode {
    $types = Get-Content /proc/self/mountinfo | ForEach-Object { ($_ -split ' - ')[1].Split(' ')[0] }
    $controllers = (Get-Content /sys/fs/cgroup/cgroup.controllers -ErrorAction Ignore)
    if ('cgroup' -notin $types) { return "v2 ($controllers)" }
    'cgroup2' -in $types ? 'hybrid (v1 controllers beside a v2 hierarchy)' : 'v1'
}

function Get-MachineFacts($Bench) {
    $cpu = Get-Content /proc/cpuinfo | Where-Object { $_ -match '^model name\s*: (.*)' } | Select-Object -First 1
    $memory = (Get-Content /proc/meminfo | Where-Object { $_ -match '^MemTotal' }) -replace '\D'
    $module = Import-PowerShellDataFile (Join-Path $Bench.Module 'Can.psd1')
    [ordered]@{
        kernel     = (uname -r)
        system     = (Get-Content /etc/os-release | ConvertFrom-StringData).PRETTY_NAME.Trim('"')
        processor  = ($cpu -split ': ', 2)[1]
        cores      = [Environment]::ProcessorCount
        memoryGiB  = [Math]::Round([long]$memory / 1MB, 1)
        cgroups    = Get-CgroupMode
        filesystem = (stat --file-system --format %T $Bench.Scratch)
        load       = (Get-Content /proc/loadavg).Split(' ')[0]
        can        = $module.ModuleVersion
        powershell = "$($PSVersionTable.PSVersion) on $([Runtime.InteropServices.RuntimeInformation]::FrameworkDescription)"
        runc       = Get-FirstLine runc @('--version')
        podman     = Get-FirstLine podman @('--version')
        docker     = $Bench.Peers['docker'] ? "client $(docker version --format '{{.Client.Version}}'), server $(docker version --format '{{.Server.Version}}')" : $null
    }
}

function New-BenchReport($Bench) {
    [ordered]@{
        date    = $Bench.Started.ToString('o')
        quick   = $Bench.Scale -lt 1
        machine = Get-MachineFacts $Bench
        skipped = $Bench.Skipped
        summary = $Bench.Ratios
        results = $Bench.Results
    }
}

function Format-Figure([double] $Value) {
    $digits = [Math]::Abs($Value) -ge 100 ? 0 : [Math]::Abs($Value) -ge 10 ? 1 : 2
    $Value.ToString("N$digits", [cultureinfo]::InvariantCulture)
}

function ConvertTo-BenchMarkdown($Report) {
    "# Measured $($Report.date.Substring(0, 16).Replace('T', ' '))$($Report.quick ? ' (quick run: not to be quoted)' : '')"
    ''
    foreach ($fact in $Report.machine.GetEnumerator()) { if ($fact.Value) { "- $($fact.Key): $($fact.Value)" } }
    foreach ($peer in $Report.skipped.GetEnumerator()) { "- $($peer.Key) not measured: $($peer.Value)" }
    ''
    '| | compared | this run | aim |'
    '|---|---|---:|---|'
    foreach ($line in $Report.summary) { "| $($line.Case) | $($line.What) | $(Format-Figure $line.Value) | $($line.Aim) |" }
    ''
    '| | what | engine | median | min | max | unit | n |'
    '|---|---|---|---:|---:|---:|---|---:|'
    foreach ($result in $Report.results) {
        $numbers = $result.Median, $result.Minimum, $result.Maximum | ForEach-Object { Format-Figure $_ }
        "| $($result.Case) | $($result.What) | $($result.Engine) | $($numbers -join ' | ') | $($result.Unit) | $($result.Count) |"
    }
}
