using Can.Engine.Kernel.Cgroups;

namespace Can.Engine.Tests.Kernel.Cgroups;

public sealed class CgroupMountsTests
{
    [Fact]
    public void Controllers_that_are_mounted_together_share_a_hierarchy()
    {
        var cpu = Layouts.V1.Find(CgroupControllers.Cpu);

        Assert.Equal("/nowhere/cgroup/cpu,cpuacct", cpu?.MountPoint);
        Assert.Equal(CgroupControllers.Cpu | CgroupControllers.CpuAccounting, cpu?.Controllers);
        Assert.False(Layouts.V1.HasV2);
    }

    [Fact]
    public void The_unified_hierarchy_comes_first_wherever_it_is_mounted()
    {
        var layout = Layouts.Hybrid;

        Assert.True(layout.HasV1);
        Assert.True(layout.HasV2);
        Assert.Equal("/nowhere/cgroup/unified", layout.Hierarchies[0].MountPoint);
    }

    [Fact]
    public void Hierarchies_without_a_controller_of_use_are_left_out() =>
        Assert.DoesNotContain(Layouts.V1.Hierarchies, hierarchy => hierarchy.MountPoint.EndsWith("devices", StringComparison.Ordinal));

    [Fact]
    public void A_mount_of_the_whole_tree_wins_over_a_bind_mount_of_a_part()
    {
        var layout = Layouts.Parse(
            """
            50 30 0:32 /docker/abc /jail/memory rw - cgroup cgroup rw,memory
            34 30 0:32 / /nowhere/cgroup/memory rw - cgroup cgroup rw,memory
            51 30 0:32 /docker/def /other/memory rw - cgroup cgroup rw,memory
            """, CgroupControllers.None);

        Assert.Equal("/nowhere/cgroup/memory", Assert.Single(layout.Hierarchies).MountPoint);
    }

    [Fact]
    public void A_mount_of_a_part_is_used_when_there_is_nothing_else()
    {
        var layout = Layouts.Parse("50 30 0:32 /docker/abc /nowhere/cgroup/memory rw - cgroup cgroup rw,memory", CgroupControllers.None);

        Assert.Equal("/nowhere/cgroup/memory", layout.Find(CgroupControllers.Memory)?.MountPoint);
    }

    [Theory]
    [InlineData("30 21 0:25 / /nowhere/cgroup ro,nosuid - cgroup2 cgroup rw")]
    [InlineData("30 21 0:25 / /nowhere/cgroup rw,nosuid - cgroup2 cgroup ro")]
    [InlineData("30 21 0:25 / /nowhere/cgroup ro - cgroup cgroup rw,memory")]
    public void Read_only_mounts_cannot_be_used(string line) => Assert.Empty(Layouts.Parse(line, Layouts.AllUnified).Hierarchies);

    [Fact]
    public void Escapes_in_a_mount_point_are_undone()
    {
        var layout = Layouts.Parse(@"30 21 0:25 / /mnt/a\040b\134c rw - cgroup2 cgroup rw", Layouts.AllUnified);

        Assert.Equal(@"/mnt/a b\c", layout.Unified?.MountPoint);
    }

    [Fact]
    public void The_hosts_own_hierarchies_are_found()
    {
        var layout = CgroupLayout.Read();

        Assert.NotEmpty(layout.Hierarchies);
        Assert.All(layout.Hierarchies, hierarchy => Assert.True(File.Exists($"{hierarchy.MountPoint}/cgroup.procs")));
    }
}
