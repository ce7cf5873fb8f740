using Can.Engine.Containers;

namespace Can.Engine.Kernel.Cgroups.Controllers;

/// <summary>One cgroup controller: which limits are its own, what they may be, and how v1 and v2 write them.</summary>
internal abstract class LimitController
{
    /// <summary>Every controller that limits something.</summary>
    public static IReadOnlyList<LimitController> All { get; } =
        [new MemoryController(), new CpuController(), new CpuSetController(), new PidsController(), new BlockIoController()];

    /// <summary>Which controller this is.</summary>
    public abstract CgroupControllers Controller { get; }

    /// <summary>Its name in /proc/cgroups.</summary>
    public abstract string Name { get; }

    /// <summary>What it limits, as the subject of an error.</summary>
    public abstract string Feature { get; }

    /// <summary>Whether a container with these limits has to be a member.</summary>
    public abstract bool IsLimited(ResourceLimits limits);

    /// <summary>Whether an update with these limits has something to say, be it that there is no limit any more.</summary>
    public virtual bool IsMentioned(ResourceLimits limits) => IsLimited(limits);

    /// <summary>Refuses values that cannot be.</summary>
    /// <exception cref="CanException">See the controllers.</exception>
    public abstract void Check(ResourceLimits limits, CgroupLayout layout);

    /// <summary>Adds what is to be written into the container's leaf.</summary>
    public abstract void Plan(ResourceLimits limits, LimitWrites writes);

    /// <summary>The order in which planned values go into a leaf that has limits already.</summary>
    public virtual IReadOnlyList<CgroupWrite> OrderForUpdate(IReadOnlyList<CgroupWrite> writes) => writes;
}

/// <summary>Collects what is to be written into one leaf.</summary>
internal sealed class LimitWrites(CgroupHierarchy hierarchy, string directory, string parent)
{
    private readonly List<CgroupWrite> writes = [];

    /// <summary>The hierarchy, which decides between the files of v1 and v2.</summary>
    public CgroupHierarchy Hierarchy => hierarchy;

    /// <summary>What has been added.</summary>
    public IReadOnlyList<CgroupWrite> Planned => writes;

    /// <summary>Adds a value.</summary>
    public void Add(string file, string data, bool optional = false) => writes.Add(new($"{directory}/{file}", data, optional));

    /// <summary>
    /// Whether leaves have this file. Kernels and their modules differ in that; the engine's own directory shows it. As long as that
    /// has not been made (a plan that is only looked at), the answer is yes.
    /// </summary>
    public bool Offers(string file) => File.Exists($"{parent}/{file}") || !Directory.Exists(parent);
}
