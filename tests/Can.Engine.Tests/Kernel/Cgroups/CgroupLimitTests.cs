namespace Can.Engine.Tests.Kernel.Cgroups;

/// <summary>Limits as the real kernel takes, shows and enforces them.</summary>
public sealed class CgroupLimitTests
{
    public static TheoryData<string> Layouts => CgroupFixture.Available;

    [RootTheory]
    [MemberData(nameof(Layouts))]
    public void The_kernel_takes_every_limit(string layout)
    {
        using var cgroup = new CgroupFixture(layout);
        cgroup.Start(cgroup.Make(new() { MemoryBytes = 64 << 20, Cpus = 0.5, CpuShares = 512, CpuSet = "0", PidsLimit = 20 }), "sleep 1000");

        Assert.Equal("20", cgroup.Read("pids.max"));
        Assert.Equal("0", cgroup.Read("cpuset.cpus"));
        if (cgroup.Layout.HasV1)
        {
            Assert.Equal($"{64 << 20}", cgroup.Read("memory.limit_in_bytes"));
            Assert.Equal("50000", cgroup.Read("cpu.cfs_quota_us"));
            Assert.Equal("512", cgroup.Read("cpu.shares"));
        }
        else
        {
            Assert.Equal($"{64 << 20}", cgroup.Read("memory.max"));
            Assert.Equal("50000 100000", cgroup.Read("cpu.max"));
            Assert.Equal("59", cgroup.Read("cpu.weight"));
        }
    }

    [DiskTheory]
    [MemberData(nameof(Layouts))]
    public void A_disks_rate_is_limited(string layout)
    {
        var disk = DiskTheoryAttribute.Disk!;
        using var cgroup = new CgroupFixture(layout);
        cgroup.Make(new() { DeviceReadBps = [new(disk, 1 << 20)], DeviceWriteBps = [new(disk, 2 << 20)] });

        if (cgroup.Layout.HasV1)
        {
            Assert.EndsWith($" {1 << 20}", cgroup.Read("blkio.throttle.read_bps_device"), StringComparison.Ordinal);
            Assert.EndsWith($" {2 << 20}", cgroup.Read("blkio.throttle.write_bps_device"), StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains($"rbps={1 << 20} wbps={2 << 20}", cgroup.Read("io.max"), StringComparison.Ordinal);
        }
    }

    [RootTheory]
    [MemberData(nameof(Layouts))]
    public void Memory_is_changed_upwards_and_downwards_below_and_above_the_old_total(string layout)
    {
        using var cgroup = new CgroupFixture(layout);
        cgroup.Start(cgroup.Make(new() { MemoryBytes = 64 << 20 }), "sleep 1000");

        foreach (var megabytes in new[] { 256L, 32L, 100L, 64L })
        {
            cgroup.Layout.Update(cgroup.Root, cgroup.Id, new() { MemoryBytes = megabytes << 20 });
            Assert.Equal(megabytes << 20, cgroup.Layout.Measure(cgroup.Root, cgroup.Id, "").MemoryLimitBytes);
        }
    }

    [RootTheory]
    [MemberData(nameof(Layouts))]
    public void A_limit_that_was_not_there_before_holds_for_what_runs_already(string layout)
    {
        using var cgroup = new CgroupFixture(layout);
        var process = cgroup.Start(cgroup.Make(new()), "while sleep 0.2; do :; done");

        cgroup.Layout.Update(cgroup.Root, cgroup.Id, new() { PidsLimit = 7, CpuSet = "0", Cpus = 0.5 });

        Assert.Equal("7", cgroup.Read("pids.max"));
        Assert.Contains($"{process.Id}", cgroup.Read("cgroup.procs").Split('\n'));
        Assert.Contains("Cpus_allowed_list:\t0", File.ReadAllLines($"/proc/{process.Id}/status"));
        Assert.InRange(cgroup.Layout.Measure(cgroup.Root, cgroup.Id, "").Pids!.Value, 1, 3);

        cgroup.Layout.Update(cgroup.Root, cgroup.Id, new() { PidsLimit = -1 });
        Assert.Equal("max", cgroup.Read("pids.max"));
    }

    [RootTheory]
    [MemberData(nameof(Layouts))]
    public void Nothing_is_written_when_one_limit_cannot_be(string layout)
    {
        using var cgroup = new CgroupFixture(layout);
        cgroup.Start(cgroup.Make(new() { MemoryBytes = 64 << 20 }), "sleep 1000");

        Assert.Throws<CanException>(() => cgroup.Layout.Update(cgroup.Root, cgroup.Id, new() { MemoryBytes = 128 << 20, PidsLimit = 0 }));

        Assert.Equal(64 << 20, cgroup.Layout.Measure(cgroup.Root, cgroup.Id, "").MemoryLimitBytes);
    }

    [RootTheory]
    [MemberData(nameof(Layouts))]
    public void The_counter_of_a_plan_sees_the_kernel_kill_for_memory(string layout)
    {
        using var cgroup = new CgroupFixture(layout);
        var leaf = cgroup.Make(new() { MemoryBytes = 8 << 20, MemorySwapBytes = 8 << 20 });
        var process = cgroup.Start(leaf, "exec tail /dev/zero");

        Assert.True(process.WaitForExit(60_000));
        Assert.Equal(128 + 9, process.ExitCode);
        Assert.Contains(File.ReadAllLines(leaf.OomCounterFile!), line => line.StartsWith("oom_kill ", StringComparison.Ordinal) && line != "oom_kill 0");
    }
}
