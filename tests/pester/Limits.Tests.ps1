# Limits, measured from inside a running container.
BeforeAll {
    Import-Module "$PSScriptRoot/CanTest.psm1"
    Initialize-CanTest

    # Processor time in seconds that all of a container's processes have used, by its own /proc.
    function Read-CpuTime([string] $Container) {
        $ticks = Invoke-CanExec $Container -- sh -c 'cat /proc/[0-9]*/stat' |
            ForEach-Object { ($_ -replace '^.*\) ' -split ' ')[11, 12] } | Measure-Object -Sum
        $ticks.Sum / 100
    }

    # Processors' worth of time that containers used over the same few seconds.
    function Measure-Share([string[]] $Container) {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $first = $Container | ForEach-Object { Read-CpuTime $_ }
        Start-Sleep -Seconds 4
        $last = $Container | ForEach-Object { Read-CpuTime $_ }
        $seconds = $clock.Elapsed.TotalSeconds
        for ($i = 0; $i -lt $Container.Count; $i++) { (@($last)[$i] - @($first)[$i]) / $seconds }
    }

    $spin = 'sh', '-c', 'while :; do :; done'
}
AfterAll { Clear-CanTest }

Describe 'Memory' -Tag Cgroup2 {
    It 'is what a process can have and no more' {
        # The shell survives its child, tells how the child died, and has still a few megabytes itself.
        Read-Inside 'tail /dev/zero; echo $?' @{ Memory = 64MB; MemorySwap = 64MB } | Should -Be 137
        Read-Inside 'dd if=/dev/zero of=/dev/shm/x bs=1M count=32 2>/dev/null && echo fits' @{ Memory = 64MB; MemorySwap = 64MB } | Should -Be fits
        Read-Inside 'dd if=/dev/zero of=/dev/shm/x bs=1M count=60 2>/dev/null; echo $?' @{ Memory = 32MB; MemorySwap = 32MB } | Should -Be 137
    }

    It 'reports that it ran out, for the run in which it did' {
        $container = New-CanContainer busybox -Name hungry -Memory 32MB -MemorySwap 32MB -- sh -c '[ -e /once ] || { touch /once; exec tail /dev/zero; }' |
            Wait-CanContainer -Timeout 300
        $container.OomKilled | Should -BeTrue
        $again = Start-CanContainer hungry -PassThru | Wait-CanContainer -Timeout 300
        $again.ExitCode | Should -Be 0
        $again.OomKilled | Should -BeFalse
        Remove-CanContainer hungry
    }

    It 'can be changed while the container runs' {
        $null = New-CanContainer busybox -Name growing -Memory 32MB -MemorySwap 32MB sleep 1000
        Invoke-CanExec growing -- sh -c 'dd if=/dev/zero of=/dev/shm/x bs=1M count=48 2>/dev/null; echo $?; rm -f /dev/shm/x' | Should -Be 137
        Set-CanContainer growing -Memory 128MB -MemorySwap 128MB
        Invoke-CanExec growing -- sh -c 'dd if=/dev/zero of=/dev/shm/x bs=1M count=48 2>/dev/null; echo $?; rm -f /dev/shm/x' | Should -Be 0
        (Get-CanContainer growing).Limits.MemoryBytes | Should -Be 128MB
        Remove-CanContainer growing -Force
    }

    It 'shows in what is measured' {
        $null = New-CanContainer busybox -Name measured -Memory 64MB -- sh -c 'dd if=/dev/zero of=/dev/shm/x bs=1M count=20 2>/dev/null; echo full; sleep 1000'
        Wait-Until { Get-CanLog measured } -Because 'it has written'
        $sample = Measure-CanContainer measured
        $sample.MemoryLimitBytes | Should -Be 64MB
        $sample.MemoryBytes | Should -BeGreaterThan 20MB
        $sample.MemoryBytes | Should -BeLessThan 64MB
        $sample.MemoryPercent | Should -BeGreaterThan 30
        Remove-CanContainer measured -Force
    }
}

Describe 'Processors' -Tag Cgroup2 {
    AfterEach { Get-CanContainer | Remove-CanContainer -Force }

    It 'gives half a processor where half of one was asked for' {
        # The shares let it have its half on a busy machine too.
        $null = New-CanContainer busybox -Name half -Cpus 0.5 -CpuShares 262144 -Command $spin
        $share = Measure-Share half
        $share | Should -BeGreaterThan 0.3
        $share | Should -BeLessThan 0.65
    }

    It 'gives another share as soon as it is set' {
        $null = New-CanContainer busybox -Name changing -Cpus 0.8 -CpuShares 262144 -Command $spin
        Set-CanContainer changing -Cpus 0.2
        $share = Measure-Share changing
        $share | Should -BeGreaterThan 0.08
        $share | Should -BeLessThan 0.35
    }

    It 'divides a processor by the shares of those who want it' {
        $null = New-CanContainer busybox -Name large -CpuSet 0 -CpuShares 3072 -Command $spin
        $null = New-CanContainer busybox -Name small -CpuSet 0 -CpuShares 1024 -Command $spin
        $large, $small = Measure-Share large, small
        $large / $small | Should -BeGreaterThan 2
        $large / $small | Should -BeLessThan 4.5
    }

    It 'lets a container see and use only the processors of its set' {
        Read-Inside 'nproc; grep Cpus_allowed_list /proc/self/status' @{ CpuSet = '0' } | Should -Be 1, "Cpus_allowed_list:`t0"
    }

    It 'moves a running container to another set' -Skip:([Environment]::ProcessorCount -lt 2) {
        $null = New-CanContainer busybox -Name moving -CpuSet 0 sleep 1000
        Invoke-CanExec moving -- sh -c 'grep Cpus_allowed_list /proc/1/status' | Should -Match '\s0$'
        Set-CanContainer moving -CpuSet 1
        Invoke-CanExec moving -- sh -c 'grep -h Cpus_allowed_list /proc/1/status /proc/self/status' | Should -Be (, "Cpus_allowed_list:`t1" * 2)
    }
}

Describe 'Processes' -Tag Cgroup2 {
    It 'can be no more than the limit' {
        Read-Inside 'for i in 1 2 3 4 5 6 7 8 9; do sleep 100 & done; echo never' @{ PidsLimit = 5 } | Should -BeNullOrEmpty
        Read-Inside 'for i in 1 2 3; do sleep 100 & done; echo enough' @{ PidsLimit = 5 } | Should -Be enough
    }

    It 'counts those that are executed in it' {
        $null = New-CanContainer busybox -Name full -PidsLimit 3 -- sh -c 'sleep 1000 & sleep 1000 & wait'
        Wait-Until { (Get-CanProcess full).Count -eq 3 } -Because 'all have started'
        # The program itself is refused where a process can be born into a cgroup (v2); its first child is refused everywhere.
        try { Invoke-CanExec full -- sh -c 'sleep 0 & echo never' | Should -BeNullOrEmpty } catch [Can.Engine.CanException] { $null = $_ }
        (Measure-CanContainer full).Pids | Should -Be 3
        (Measure-CanContainer full).PidsLimit | Should -Be 3
        Set-CanContainer full -PidsLimit 20
        Invoke-CanExec full echo fits | Should -Be fits
        Remove-CanContainer full -Force
    }
}

Describe 'Block devices' {
    BeforeDiscovery {
        # The whole disk on which the tests' root lies; a virtual machine's root may not lie on one.
        $source = (findmnt -no SOURCE -T ([IO.Path]::GetTempPath())) -replace '\[.*'
        $disk = "$source" -like '/dev/*' ? (lsblk -no PKNAME $source 2>$null | Where-Object { $_ } | Select-Object -First 1) : ''
        $disk = $disk ? "/dev/$disk" : $source
        $isDisk = "$disk" -like '/dev/*' -and (Test-Path "/sys/block/$(Split-Path $disk -Leaf)")
    }

    It 'takes what is written no faster than allowed' -Skip:(-not $isDisk) -ForEach @{ Disk = $disk } {
        if (-not (Test-Controller blkio)) { Set-ItResult -Skipped -Because 'this host has no blkio controller'; return }
        # At 2 MB/s 8 MB take about four seconds, unlimited a few milliseconds.
        [double] $begin, $end = Read-Inside 'cut -d" " -f1 /proc/uptime; dd if=/dev/zero of=/file bs=64k count=128 oflag=direct 2>/dev/null; cut -d" " -f1 /proc/uptime' @{
            DeviceWriteBps = "${Disk}:2mb"
        }
        8MB / ($end - $begin) | Should -BeLessThan 3MB
    }

    It 'refuses a device that is none' {
        Get-CanErrorId { New-CanContainer busybox -DeviceWriteBps /dev/null:1mb true } | Should -Be DeviceNotBlock
    }

    It 'takes a weight where the host has weights' {
        try {
            Read-Inside 'echo weighed' @{ BlkioWeight = 100 } | Should -Be weighed
        }
        catch [Can.Engine.CanException] {
            $_.FullyQualifiedErrorId | Should -BeLike 'ControllerMissing,*' -Because $_.Exception.Message
        }
    }
}

Describe 'Resource limits of a process' {
    It 'are those asked for, and the caller''s are never handed on' {
        Read-Inside 'ulimit -Sn; ulimit -Hn; ulimit -Sc' @{ Ulimit = 'nofile=100:200', 'core=0' } | Should -Be 100, 200, 0
        Read-Inside 'ulimit -Sn' @{ Ulimit = @{ Name = 'nofile'; Soft = 64; Hard = 128 } } | Should -Be 64
    }

    It 'hold for what is executed too' {
        $null = New-CanContainer busybox -Name limited -Ulimit nofile=50 sleep 1000
        Invoke-CanExec limited -- sh -c 'ulimit -n' | Should -Be 50
        Remove-CanContainer limited -Force
    }

    It 'cannot be above the host''s own: <_>' -ForEach 'nofile=999999999999' {
        Get-CanErrorId { New-CanContainer busybox -Ulimit $_ true } | Should -BeIn UlimitTooHigh, UlimitInvalid
    }
}
