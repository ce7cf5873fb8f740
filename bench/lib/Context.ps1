# The run's folder, its samples, and taking them.

function New-BenchContext([string] $Module, [switch] $Quick, [string] $RootTar, [switch] $Networks) {
    $scratch = (mktemp -d /var/tmp/can-bench.XXXXXX)
    & "$PSScriptRoot/../../tests/make-busybox-root.sh" "$scratch/busybox"
    & tar -C "$scratch/busybox" -cf "$scratch/busybox.tar" .
    & cc -O2 -o "$scratch/floor" "$PSScriptRoot/../floor.c"
    if ($LASTEXITCODE -ne 0) { throw 'floor.c does not compile: apt-get install gcc libc6-dev' }
    # Live facts are in memory, as /run is on a usual host; the floor has none, podman keeps its own here too.
    & mkdir -p "$scratch/run" "$scratch/can"
    & mount -t tmpfs -o mode=700 tmpfs "$scratch/run"
    if ($LASTEXITCODE -ne 0) { throw "A tmpfs cannot be mounted on $scratch/run." }
    & mkdir "$scratch/run/can"
    & ln -s "$scratch/run/can" "$scratch/can/run"
    # What the peers are measured without as well.
    if (-not $Networks) { $global:PSDefaultParameterValues['*-CanContainer:Network'] = 'none' }
    [pscustomobject]@{
        Scratch   = $scratch
        Module    = $Module
        ImageRoot = "$scratch/busybox"
        ImageTar  = "$scratch/busybox.tar"
        CanRoot   = "$scratch/can"
        Floor     = "$scratch/floor"
        RootTar   = $RootTar
        Peers     = [ordered]@{}    # engine -> what it takes to run it
        Skipped   = [ordered]@{}    # engine -> why it is not measured
        Scale     = $Quick ? 0.2 : 1.0
        Results   = [Collections.Generic.List[object]]::new()
        Ratios    = [Collections.Generic.List[object]]::new()
        Started   = [DateTimeOffset]::Now
        Namespaces = [Collections.Generic.List[Diagnostics.Process]]::new()
    }
}

# Takes the cases with networks in another process, in a network namespace of its own, and its results into this one's.
function Measure-Apart($Bench, [string[]] $Letters) {
    $pwsh = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    $output = "$($Bench.Scratch)/apart"
    $measure = "& '$PSScriptRoot/../Measure.ps1' -Apart -Only $($Letters -join ', ') -Module '$($Bench.Module)' -Output '$output' -Quick:`$$($Bench.Scale -lt 1)"
    & unshare --net -- sh -c 'ip link set lo up && exec "$@"' sh $pwsh -NoLogo -NoProfile -NonInteractive -Command $measure | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "The cases $Letters ended with exit code $LASTEXITCODE." }
    $report = Get-Content "$output/results.json" | ConvertFrom-Json
    $report.results | ForEach-Object { $Bench.Results.Add($_) }
    $report.summary | ForEach-Object { $Bench.Ratios.Add($_) }
    $report.skipped.PSObject.Properties | ForEach-Object { $Bench.Skipped["$($_.Name), with networks"] = $_.Value }
}

function Remove-BenchContext($Bench) {
    & "$PSScriptRoot/../../tests/remove-root.sh" $Bench.CanRoot
    & umount "$($Bench.Scratch)/run"
    & rm -rf --one-file-system $Bench.Scratch
}

# A number of rounds, smaller in a quick run.
function Get-Rounds($Bench, [int] $Count) { [int][Math]::Max(3, [Math]::Round($Count * $Bench.Scale)) }

# Milliseconds that a script block takes. Its output is dropped; an error in it ends the benchmark.
function Measure-Once([scriptblock] $Action) {
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    $null = & $Action
    [Diagnostics.Stopwatch]::GetElapsedTime($start).TotalMilliseconds
}

# Runs a program to its end with its output dropped; any exit code but 0 ends the benchmark.
function Invoke-Quietly([string] $Program, [string[]] $Arguments) {
    $text = & $Program @Arguments 2>&1
    if ($LASTEXITCODE -ne 0) { throw "$Program $Arguments failed with exit code ${LASTEXITCODE}: $text" }
    $text
}

# Takes every contestant's sample in turn, Rounds times. Each script block is given the contestant's name and returns one
# or more numbers.
function Measure-InTurn($Bench, [string] $Case, [string] $What, [string] $Unit, [int] $Rounds,
    [Collections.Specialized.OrderedDictionary] $Contestants) {
    $samples = @{}
    foreach ($name in $Contestants.Keys) { $samples[$name] = [Collections.Generic.List[double]]::new() }
    for ($round = 0; $round -lt $Rounds; $round++) {
        foreach ($name in $Contestants.Keys) {
            foreach ($value in & $Contestants[$name] $name) { $samples[$name].Add($value) }
        }
    }
    foreach ($name in $Contestants.Keys) { Add-Result $Bench $Case $What $name $Unit $samples[$name] }
}

function Add-Result($Bench, [string] $Case, [string] $What, [string] $Engine, [string] $Unit, [double[]] $Samples) {
    $sorted = $Samples | Sort-Object
    $Bench.Results.Add([pscustomobject]@{
            Case = $Case; What = $What; Engine = $Engine; Unit = $Unit; Count = $Samples.Count
            Median = Get-Median $Samples; Minimum = $sorted[0]; Maximum = $sorted[-1]
        })
}

function Get-Median([double[]] $Values) {
    $sorted = @($Values | Sort-Object)
    $middle = [int][Math]::Floor($sorted.Count / 2)
    $sorted.Count % 2 ? $sorted[$middle] : ($sorted[$middle - 1] + $sorted[$middle]) / 2
}

function Find-Result($Bench, [string] $Case, [string] $What, [string] $Engine) {
    $Bench.Results | Where-Object { $_.Case -eq $Case -and $_.What -eq $What -and $_.Engine -eq $Engine } | Select-Object -Last 1
}

# The quotient of two medians of this run, beside what the project aims at.
function Add-Ratio($Bench, [string] $Case, [string] $What, $Numerator, $Denominator, [string] $Aim) {
    if ($Numerator -and $Denominator) {
        $Bench.Ratios.Add([pscustomobject]@{ Case = $Case; What = $What; Value = $Numerator.Median / $Denominator.Median; Aim = $Aim })
    }
}

# A single figure beside what the project aims at.
function Add-Figure($Bench, [string] $Case, [string] $What, $Result, [string] $Aim) {
    $Bench.Ratios.Add([pscustomobject]@{ Case = $Case; What = "$What ($($Result.Unit))"; Value = $Result.Median; Aim = $Aim })
}
