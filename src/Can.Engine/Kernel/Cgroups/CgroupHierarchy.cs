namespace Can.Engine.Kernel.Cgroups;

/// <summary>The controllers that the engine uses.</summary>
[Flags]
internal enum CgroupControllers
{
    None = 0,
    Memory = 1,
    Cpu = 2,
    CpuAccounting = 4,
    CpuSet = 8,
    Pids = 16,
    BlockIo = 32,

    /// <summary>v1 only; v2 freezes without a controller.</summary>
    Freezer = 64,

    /// <summary>systemd's own v1 hierarchy without a controller, <c>name=systemd</c>.</summary>
    Systemd = 128,
}

/// <summary>One mounted cgroup hierarchy.</summary>
/// <param name="MountPoint">Where it is mounted, without a slash at the end.</param>
/// <param name="IsUnified">Whether it is cgroup v2.</param>
/// <param name="Controllers">The controllers that can be used in it.</param>
internal sealed record CgroupHierarchy(string MountPoint, bool IsUnified, CgroupControllers Controllers)
{
    /// <summary>The engine's own directory.</summary>
    public string Parent(CanRoot root) => $"{MountPoint}/{root.CgroupName}";

    /// <summary>The directory of monitors.</summary>
    public string Monitors(CanRoot root) => $"{MountPoint}/{root.CgroupName}/monitors";

    /// <summary>A container's directory.</summary>
    public string Leaf(CanRoot root, string id) => $"{MountPoint}/{root.CgroupName}/{id}";

    /// <summary>Whether one of these controllers is here.</summary>
    public bool Has(CgroupControllers any) => (Controllers & any) != 0;

    /// <summary>The controllers of a list of names, as mount options (commas) and <c>cgroup.controllers</c> (spaces) hold it.</summary>
    public static CgroupControllers ParseControllers(string? names, char separator)
    {
        var controllers = CgroupControllers.None;
        foreach (var name in (names ?? "").Split(separator))
        {
            controllers |= name.Trim() switch
            {
                "memory" => CgroupControllers.Memory,
                "cpu" => CgroupControllers.Cpu,
                "cpuacct" => CgroupControllers.CpuAccounting,
                "cpuset" => CgroupControllers.CpuSet,
                "pids" => CgroupControllers.Pids,
                "blkio" or "io" => CgroupControllers.BlockIo,
                "freezer" => CgroupControllers.Freezer,
                "name=systemd" => CgroupControllers.Systemd,
                _ => CgroupControllers.None,
            };
        }

        return controllers;
    }
}
