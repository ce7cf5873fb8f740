using Can.Engine.Containers;
using Can.Engine.Kernel.Cgroups.Controllers;

namespace Can.Engine.Kernel.Cgroups;

/// <summary>Plans the cgroups of one container. It changes nothing.</summary>
internal sealed class CgroupPlanner(CgroupLayout layout, CanRoot root, string id)
{
    /// <summary>The leaf over all hierarchies.</summary>
    public CgroupLeaf Plan(ResourceLimits limits)
    {
        var (directories, tasks, writes) = (new List<string>(), new List<string>(), new List<CgroupWrite>());
        var members = Membership(limits);
        foreach (var hierarchy in layout.Hierarchies)
        {
            if (hierarchy.IsUnified || hierarchy.Has(members))
            {
                directories.Add(hierarchy.Leaf(root, id));
                if (!hierarchy.IsUnified)
                {
                    tasks.Add($"{hierarchy.Leaf(root, id)}/tasks");
                }
            }
        }

        foreach (var controller in LimitController.All)
        {
            if (controller.IsLimited(limits))
            {
                writes.AddRange(Writes(controller, limits));
            }
        }

        return new()
        {
            UnifiedDirectory = layout.Unified?.Leaf(root, id),
            Directories = directories,
            Writes = writes,
            TasksFiles = tasks,
            OomCounterFile = OomCounter(),
            FrozenFile = layout.KeepingHierarchy is { } keeping ? CgroupFreezer.StateFile(keeping, keeping.Leaf(root, id)) : null,
            MonitorDirectory = layout.Unified?.Monitors(root),
            MonitorTasksFiles = layout.Find(CgroupControllers.Systemd) is { } systemd ? [$"{systemd.Monitors(root)}/tasks"] : [],
        };
    }

    /// <summary>What one controller has to be told.</summary>
    /// <exception cref="CanException"><c>ControllerMissing</c>, or a value that this host cannot have.</exception>
    public IReadOnlyList<CgroupWrite> Writes(LimitController controller, ResourceLimits limits)
    {
        controller.Check(limits, layout);
        var hierarchy = layout.Find(controller.Controller) ?? throw CgroupError.ControllerMissing(controller.Feature, controller.Name);
        var writes = new LimitWrites(hierarchy, hierarchy.Leaf(root, id), hierarchy.Parent(root));
        controller.Plan(limits, writes);
        return writes.Planned;
    }

    /// <summary>
    /// The v1 controllers whose hierarchies the container enters: those of its limits, and what is measured always. A v2 leaf counts
    /// processor time and processes without any controller, so that only memory is left where there is one.
    /// </summary>
    private CgroupControllers Membership(ResourceLimits limits)
    {
        var members = CgroupControllers.Memory;
        if (layout.Unified is null)
        {
            members |= CgroupControllers.CpuAccounting | CgroupControllers.Freezer;
        }

        foreach (var controller in LimitController.All)
        {
            members |= controller.IsLimited(limits) ? controller.Controller : CgroupControllers.None;
        }

        return members;
    }

    private string? OomCounter() => layout.Find(CgroupControllers.Memory) switch
    {
        { IsUnified: true } unified => $"{unified.Leaf(root, id)}/memory.events",
        { } memory => $"{memory.Leaf(root, id)}/memory.oom_control",
        null => null,
    };
}
