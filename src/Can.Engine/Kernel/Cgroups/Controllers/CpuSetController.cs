using Can.Engine.Containers;

namespace Can.Engine.Kernel.Cgroups.Controllers;

/// <summary>The processors a container may run on.</summary>
/// <remarks>cpuset(7)</remarks>
internal sealed class CpuSetController : LimitController
{
    public override CgroupControllers Controller => CgroupControllers.CpuSet;

    public override string Name => "cpuset";

    public override string Feature => "A set of processors";

    public override bool IsLimited(ResourceLimits limits) => !string.IsNullOrEmpty(limits.CpuSet);

    public override void Check(ResourceLimits limits, CgroupLayout layout)
    {
        if (!CpuList.TryParse(limits.CpuSet!, out var wanted))
        {
            throw new CanException("CpuSetInvalid", CanErrorCategory.InvalidArgument,
                $"'{limits.CpuSet}' is not a set of processors. Write numbers and ranges, such as 0-1,3.", limits.CpuSet);
        }

        var available = Available(layout);
        if (!available.Contains(wanted))
        {
            throw new CanException("CpuSetUnavailable", CanErrorCategory.InvalidArgument,
                $"Not all processors of '{limits.CpuSet}' can be used. This host has {available.Text}.", limits.CpuSet);
        }
    }

    public override void Plan(ResourceLimits limits, LimitWrites writes)
    {
        writes.Add("cpuset.cpus", limits.CpuSet!.Trim());
        if (!writes.Hierarchy.IsUnified)
        {
            // Nothing can enter a v1 cpuset without memory nodes, and a new one has none.
            writes.Add("cpuset.mems", (KernelFile.TryRead($"{writes.Hierarchy.MountPoint}/cpuset.mems") ?? "0").Trim());
        }
    }

    /// <summary>What the hierarchy's root may use (less than all in a container), else what is online.</summary>
    private static CpuList Available(CgroupLayout layout)
    {
        var hierarchy = layout.Find(CgroupControllers.CpuSet);
        var file = hierarchy is { IsUnified: true } ? "cpuset.cpus.effective" : "cpuset.effective_cpus";
        return hierarchy is not null && KernelFile.TryRead($"{hierarchy.MountPoint}/{file}") is { } text && CpuList.TryParse(text, out var list)
            ? list
            : layout.OnlineProcessors;
    }
}
