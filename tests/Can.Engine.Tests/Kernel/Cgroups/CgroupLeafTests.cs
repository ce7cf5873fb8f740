using Can.Engine.Containers;
using Can.Engine.Kernel.Cgroups;

namespace Can.Engine.Tests.Kernel.Cgroups;

/// <summary>Plans on layouts that need not be this host's. No directory of these plans exists, so nothing but the layout decides.</summary>
public sealed class CgroupLeafTests
{
    private const string Id = "c0ffee";

    private static readonly CanRoot Root = CanRoot.At("/nowhere/can");

    private static readonly ResourceLimits Everything = new()
    {
        MemoryBytes = 64 << 20,
        MemorySwapBytes = 96 << 20,
        Cpus = 1.5,
        CpuShares = 1024,
        CpuSet = "0-1,3",
        PidsLimit = 100,
        BlkioWeight = 500,
    };

    private static string Name => $"{Root.CgroupName}/{Id}";

    [Fact]
    public void On_v2_there_is_one_directory_and_nothing_to_join()
    {
        var leaf = Layouts.V2.Leaf(Root, Id, new());

        Assert.Equal($"/nowhere/cgroup/{Name}", leaf.UnifiedDirectory);
        Assert.Equal([$"/nowhere/cgroup/{Name}"], leaf.Directories);
        Assert.Empty(leaf.TasksFiles);
        Assert.Empty(leaf.Writes);
        Assert.Equal($"/nowhere/cgroup/{Name}/memory.events", leaf.OomCounterFile);
        Assert.Equal($"/nowhere/cgroup/{Root.CgroupName}/monitors", leaf.MonitorDirectory);
        Assert.Empty(leaf.MonitorTasksFiles);
    }

    [Fact]
    public void On_a_hybrid_host_only_memory_is_joined_without_a_limit()
    {
        var leaf = Layouts.Hybrid.Leaf(Root, Id, new());

        Assert.Equal($"/nowhere/cgroup/unified/{Name}", leaf.UnifiedDirectory);
        Assert.Equal([$"/nowhere/cgroup/unified/{Name}", $"/nowhere/cgroup/memory/{Name}"], leaf.Directories);
        Assert.Equal([$"/nowhere/cgroup/memory/{Name}/tasks"], leaf.TasksFiles);
        Assert.Equal($"/nowhere/cgroup/memory/{Name}/memory.oom_control", leaf.OomCounterFile);
        Assert.Equal([$"/nowhere/cgroup/systemd/{Root.CgroupName}/monitors/tasks"], leaf.MonitorTasksFiles);
    }

    [Fact]
    public void On_v1_what_measures_and_what_freezes_is_joined()
    {
        var leaf = Layouts.V1.Leaf(Root, Id, new());

        Assert.Null(leaf.UnifiedDirectory);
        Assert.Null(leaf.MonitorDirectory);
        Assert.Equal(
            [$"/nowhere/cgroup/cpu,cpuacct/{Name}/tasks", $"/nowhere/cgroup/memory/{Name}/tasks", $"/nowhere/cgroup/freezer/{Name}/tasks"],
            leaf.TasksFiles);
    }

    [Fact]
    public void A_limit_brings_its_hierarchy_along_once()
    {
        var leaf = Layouts.V1.Leaf(Root, Id, Everything);

        Assert.Equal(leaf.Directories.Distinct(), leaf.Directories);
        Assert.Equal(["cpu,cpuacct", "memory", "cpuset", "pids", "blkio", "freezer"], leaf.Directories.Select(path => path.Split('/')[3]));
    }

    [Fact]
    public void Limits_in_the_files_of_v2()
    {
        var leaf = Layouts.V2.Leaf(Root, Id, Everything);

        Assert.Equal(
            [
                "memory.max=67108864", "memory.swap.max=33554432", "cpu.max=150000 100000", "cpu.weight=100", "cpuset.cpus=0-1,3",
                "pids.max=100", "io.bfq.weight=500", "io.weight=4950",
            ],
            Written(leaf));
    }

    [Fact]
    public void Limits_in_the_files_of_v1()
    {
        var leaf = Layouts.V1.Leaf(Root, Id, Everything with { CpuSet = null });

        Assert.Equal(
            [
                "memory.limit_in_bytes=67108864", "memory.memsw.limit_in_bytes=100663296", "cpu.cfs_period_us=100000",
                "cpu.cfs_quota_us=150000", "cpu.shares=1024", "pids.max=100", "blkio.bfq.weight=500", "blkio.weight=500",
            ],
            Written(leaf));
    }

    [Theory]
    [InlineData(null, "67108864", "134217728", true)]
    [InlineData(0L, "67108864", "134217728", true)]
    [InlineData(-1L, "max", "-1", false)]
    [InlineData(64L << 20, "0", "67108864", false)]
    [InlineData(65L << 20, "1048576", "68157440", false)]
    public void Swap_is_the_total_of_docker(long? total, string v2, string v1, bool optional)
    {
        var limits = new ResourceLimits { MemoryBytes = 64 << 20, MemorySwapBytes = total };

        Assert.Equal((v2, optional), Swap(Layouts.V2, limits));
        Assert.Equal((v1, optional), Swap(Layouts.V1, limits));

        static (string, bool) Swap(CgroupLayout layout, ResourceLimits limits)
        {
            var write = layout.Leaf(Root, Id, limits).Writes[1];
            return (write.Data, write.Optional);
        }
    }

    [Fact]
    public void A_v1_processor_set_gets_memory_nodes_too()
    {
        var leaf = Layouts.V1.Leaf(Root, Id, new() { CpuSet = "0" });

        Assert.Equal(["cpuset.cpus", "cpuset.mems"], leaf.Writes.Select(write => Path.GetFileName(write.Path)));
        Assert.NotEmpty(leaf.Writes[1].Data);
    }

    [Fact]
    public void Unlimited_processes_need_no_controller() =>
        Assert.Empty(Layouts.V2WithoutControllers.Leaf(Root, Id, new() { PidsLimit = -1 }).Writes);

    [Fact]
    public void A_missing_controller_matters_only_when_it_is_asked_for()
    {
        var bare = Layouts.V2WithoutControllers.Leaf(Root, Id, new());
        Assert.Single(bare.Directories);
        Assert.Null(bare.OomCounterFile);
        Assert.Empty(Layouts.None.Leaf(Root, Id, new()).Directories);

        foreach (var (limits, controller) in new (ResourceLimits, string)[]
        {
            (new() { MemoryBytes = 64 << 20 }, "memory"),
            (new() { Cpus = 1 }, "cpu"),
            (new() { CpuSet = "0" }, "cpuset"),
            (new() { PidsLimit = 5 }, "pids"),
            (new() { BlkioWeight = 500 }, "blkio"),
        })
        {
            var error = Assert.Throws<CanException>(() => Layouts.V2WithoutControllers.Leaf(Root, Id, limits));
            Assert.Equal("ControllerMissing", error.ErrorId);
            Assert.Equal(controller, error.Target);
        }
    }

    private static IEnumerable<string> Written(CgroupLeaf leaf) => leaf.Writes.Select(write => $"{Path.GetFileName(write.Path)}={write.Data}");
}
