using System.Collections.Concurrent;
using Can.Engine.Containers;

namespace Can.Engine.Kernel.Cgroups;

/// <summary>The cgroup hierarchies of this host, found from /proc/self/mountinfo: v1, v2 or hybrid.</summary>
public sealed partial class CgroupLayout
{
    private readonly IReadOnlyList<CgroupHierarchy> hierarchies;
    private readonly ConcurrentDictionary<string, CgroupParents> parents = new(StringComparer.Ordinal);

    private CgroupLayout(IReadOnlyList<CgroupHierarchy> hierarchies, CpuList onlineProcessors)
    {
        this.hierarchies = hierarchies;
        OnlineProcessors = onlineProcessors;
        Unified = hierarchies is [{ IsUnified: true } first, ..] ? first : null;
    }

    /// <summary>The v2 hierarchy; null where none is mounted.</summary>
    internal CgroupHierarchy? Unified { get; }

    /// <summary>Processors that are online.</summary>
    internal CpuList OnlineProcessors { get; }

    /// <summary>Whether any hierarchy is v1.</summary>
    public bool HasV1 => hierarchies.Count > (Unified is null ? 0 : 1);

    /// <summary>Whether there is a v2 hierarchy.</summary>
    public bool HasV2 => Unified is not null;

    /// <summary>Makes the engine's own parent directories and switches controllers on for them, if that has not been done yet.</summary>
    /// <exception cref="CanException"><c>CgroupUnavailable</c>: they cannot be made.</exception>
    public void Prepare(CanRoot root) => parents.GetOrAdd(root.CgroupName, _ => new CgroupParents(hierarchies, root)).Prepare();

    /// <summary>The cgroups of one container; a pure function of its limits and this layout.</summary>
    /// <exception cref="CanException">A limit needs a controller that this host lacks, or is outside of what exists.</exception>
    public CgroupLeaf Leaf(CanRoot root, string id, ResourceLimits limits) => new CgroupPlanner(this, root, id).Plan(limits);

    /// <summary>Writes changed limits into the cgroups of a running container.</summary>
    /// <param name="root">Where everything is kept.</param>
    /// <param name="id">The container.</param>
    /// <param name="limits">All of its limits, the unchanged ones included; what is null stays as it is.</param>
    /// <exception cref="CanException">As <see cref="Leaf"/>; <c>CgroupMissing</c>: it does not run; <c>LimitRefused</c>: the kernel says no.</exception>
    public void Update(CanRoot root, string id, ResourceLimits limits) => new CgroupUpdate(this, root, id).Apply(limits);

    /// <summary>Kills every process of the container.</summary>
    public void Kill(CanRoot root, string id)
    {
        if (KeepingHierarchy is { } hierarchy)
        {
            CgroupKill.Kill(hierarchy, hierarchy.Leaf(root, id));
        }
    }

    /// <summary>Freezes (or thaws) every process of the container and waits until that is so.</summary>
    /// <exception cref="CanException"><c>ControllerMissing</c>; <c>CgroupMissing</c>: there is nothing to freeze (thawing that is done at once).</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; a freeze is undone.</exception>
    public void Freeze(CanRoot root, string id, bool frozen, CancellationToken cancellation)
    {
        var hierarchy = KeepingHierarchy ?? throw CgroupError.ControllerMissing("Suspending a container", "freezer");
        CgroupFreezer.Set(hierarchy, hierarchy.Leaf(root, id), frozen, cancellation);
    }

    /// <summary>Whether the container is frozen; false when its cgroup is gone.</summary>
    public bool IsFrozen(CanRoot root, string id) =>
        KeepingHierarchy is { } hierarchy && CgroupFreezer.IsFrozen(hierarchy, hierarchy.Leaf(root, id));

    /// <summary>Host process ids of every process of the container.</summary>
    public IReadOnlyList<int> Processes(CanRoot root, string id) =>
        KeepingHierarchy is { } hierarchy ? CgroupTree.Processes(hierarchy.Leaf(root, id)) : [];

    /// <summary>Fills in what the cgroups measure (not CpuPercent).</summary>
    public ContainerStatistics Measure(CanRoot root, string id, string name) => new CgroupMeasure(this, root, id).Read(name);

    /// <summary>Kills what is left in the container's cgroups and removes them; nothing happens when there are none.</summary>
    /// <exception cref="CanException"><c>CgroupBusy</c>: processes in it cannot be ended.</exception>
    public void Sweep(CanRoot root, string id)
    {
        Kill(root, id);
        for (var index = hierarchies.Count - 1; index >= 0; index--)
        {
            CgroupTree.Remove(hierarchies[index].Leaf(root, id));
        }
    }

    /// <summary>Removes the engine's own parent directories, for a root that is given up. Those that still hold a container stay.</summary>
    public void RemoveParents(CanRoot root)
    {
        parents.TryRemove(root.CgroupName, out _);
        new CgroupParents(hierarchies, root).Remove();
    }

    /// <summary>The hierarchies of this host.</summary>
    internal static CgroupLayout Read() => Parse(
        KernelFile.TryRead("/proc/self/mountinfo") ?? "",
        CgroupParents.UsableControllers,
        KernelFile.TryRead("/sys/devices/system/cpu/online") ?? "0");

    /// <summary>The hierarchies that a mountinfo text tells of.</summary>
    /// <param name="mountInfo">Text of /proc/self/mountinfo.</param>
    /// <param name="unifiedControllers">Tells which controllers can be used below a v2 mount point.</param>
    /// <param name="onlineProcessors">A processor list.</param>
    internal static CgroupLayout Parse(string mountInfo, Func<string, CgroupControllers> unifiedControllers, string onlineProcessors) =>
        new(CgroupMounts.Parse(mountInfo, unifiedControllers), CpuList.Parse(onlineProcessors));

    /// <summary>The hierarchy of a controller; null when this host has none.</summary>
    internal CgroupHierarchy? Find(CgroupControllers controller)
    {
        foreach (var hierarchy in hierarchies)
        {
            if (hierarchy.Has(controller))
            {
                return hierarchy;
            }
        }

        return null;
    }

    internal IReadOnlyList<CgroupHierarchy> Hierarchies => hierarchies;

    /// <summary>The hierarchy in which every container has a leaf, for killing, freezing and listing: v2, else the v1 freezer.</summary>
    internal CgroupHierarchy? KeepingHierarchy => Unified ?? Find(CgroupControllers.Freezer);
}
