using Can.Engine.Containers;

namespace Can.Engine.Kernel.Cgroups;

/// <summary>The cgroup hierarchies of this host, found from /proc/self/mountinfo: v1, v2 or hybrid.</summary>
public sealed partial class CgroupLayout
{
    /// <summary>Makes the engine's own parent directories and switches controllers on for them, if that has not been done yet.</summary>
    public void Prepare(CanRoot root) => throw new NotImplementedException();

    /// <summary>The cgroups of one container; a pure function of its limits and this layout.</summary>
    /// <exception cref="CanException">A limit needs a controller that this host lacks, or is outside of what exists.</exception>
    public CgroupLeaf Leaf(CanRoot root, string id, ResourceLimits limits) => throw new NotImplementedException();

    /// <summary>Writes changed limits into the cgroups of a running container.</summary>
    public void Update(CanRoot root, string id, ResourceLimits limits) => throw new NotImplementedException();

    /// <summary>Kills every process of the container.</summary>
    public void Kill(CanRoot root, string id) => throw new NotImplementedException();

    /// <summary>Freezes (or thaws) every process of the container and waits until that is so.</summary>
    public void Freeze(CanRoot root, string id, bool frozen, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Whether the container is frozen; false when its cgroup is gone.</summary>
    public bool IsFrozen(CanRoot root, string id) => throw new NotImplementedException();

    /// <summary>Host process ids of every process of the container.</summary>
    public IReadOnlyList<int> Processes(CanRoot root, string id) => throw new NotImplementedException();

    /// <summary>Fills in what the cgroups measure (not CpuPercent).</summary>
    public ContainerStatistics Measure(CanRoot root, string id, string name) => throw new NotImplementedException();

    /// <summary>Kills what is left in the container's cgroups and removes them; nothing happens when there are none.</summary>
    public void Sweep(CanRoot root, string id) => throw new NotImplementedException();
}
