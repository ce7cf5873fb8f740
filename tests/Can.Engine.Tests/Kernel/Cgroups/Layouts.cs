using Can.Engine.Kernel.Cgroups;

namespace Can.Engine.Tests.Kernel.Cgroups;

/// <summary>Mount tables as real systems have them, but below a directory that no system has, so that nothing of this host is read.</summary>
internal static class Layouts
{
    public const CgroupControllers AllUnified =
        CgroupControllers.Memory | CgroupControllers.Cpu | CgroupControllers.CpuSet | CgroupControllers.Pids | CgroupControllers.BlockIo;

    private const string Other = """
        21 26 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
        26 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
        """ + "\n";

    private const string V1Text = """
        30 21 0:25 / /nowhere/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,mode=755
        32 30 0:27 / /nowhere/cgroup/systemd rw,nosuid shared:11 - cgroup cgroup rw,xattr,name=systemd
        33 30 0:31 / /nowhere/cgroup/cpu,cpuacct rw,nosuid shared:15 - cgroup cgroup rw,cpu,cpuacct
        34 30 0:32 / /nowhere/cgroup/memory rw,nosuid shared:16 - cgroup cgroup rw,memory
        35 30 0:33 / /nowhere/cgroup/cpuset rw,nosuid shared:17 - cgroup cgroup rw,cpuset
        36 30 0:34 / /nowhere/cgroup/pids rw,nosuid shared:18 - cgroup cgroup rw,pids
        37 30 0:35 / /nowhere/cgroup/blkio rw,nosuid shared:19 - cgroup cgroup rw,blkio
        38 30 0:36 / /nowhere/cgroup/freezer rw,nosuid shared:20 - cgroup cgroup rw,freezer
        39 30 0:37 / /nowhere/cgroup/devices rw,nosuid shared:21 - cgroup cgroup rw,devices
        """ + "\n";

    private const string UnifiedText = "31 30 0:26 / /nowhere/cgroup/unified rw,nosuid shared:10 - cgroup2 cgroup2 rw,nsdelegate\n";

    public static CgroupLayout V1 => Parse(Other + V1Text, CgroupControllers.None);

    public static CgroupLayout Hybrid => Parse(Other + V1Text + UnifiedText, CgroupControllers.None);

    public static CgroupLayout V2 => Parse(
        Other + "30 21 0:25 / /nowhere/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n",
        AllUnified);

    /// <summary>v2 in a container whose own processes sit in the root of its hierarchy.</summary>
    public static CgroupLayout V2WithoutControllers => Parse(
        Other + "30 21 0:25 /../.. /nowhere/cgroup rw,relatime - cgroup2 cgroup2 rw\n", CgroupControllers.None);

    public static CgroupLayout None => Parse(Other, CgroupControllers.None);

    public static CgroupLayout Parse(string mountInfo, CgroupControllers unified) => CgroupLayout.Parse(mountInfo, _ => unified, "0-3");
}
