using System.Runtime.InteropServices;

namespace Can.Engine.Kernel.Cgroups;

/// <summary>The engine's own directories, one in each hierarchy, below which the leaves are made.</summary>
internal sealed class CgroupParents
{
    private const CgroupControllers V1Used = CgroupControllers.Memory | CgroupControllers.Cpu | CgroupControllers.CpuAccounting
        | CgroupControllers.CpuSet | CgroupControllers.Pids | CgroupControllers.BlockIo | CgroupControllers.Freezer | CgroupControllers.Systemd;

    private static readonly string[] UnifiedNames = ["memory", "cpu", "cpuset", "pids", "io"];

    private readonly List<string> directories = [];
    private readonly IReadOnlyList<CgroupHierarchy> hierarchies;
    private readonly CanRoot root;
    private volatile bool prepared;

    public CgroupParents(IReadOnlyList<CgroupHierarchy> hierarchies, CanRoot root)
    {
        this.hierarchies = hierarchies;
        this.root = root;
        foreach (var hierarchy in hierarchies)
        {
            if (hierarchy.IsUnified || hierarchy.Has(V1Used))
            {
                directories.Add(hierarchy.Parent(root));
            }

            if (hierarchy.IsUnified || hierarchy.Has(CgroupControllers.Systemd))
            {
                directories.Add(hierarchy.Monitors(root));
            }
        }
    }

    /// <summary>Makes the directories; afterwards only looks whether they are still there, which takes some microseconds.</summary>
    public void Prepare()
    {
        if (prepared && directories.TrueForAll(Directory.Exists))
        {
            return;
        }

        foreach (var directory in directories)
        {
            if (Libc.mkdir(directory, 0x1ED /* 0755 */) != 0 && Marshal.GetLastPInvokeError() is var errno && errno != Errno.EEXIST)
            {
                throw CgroupError.Unavailable(directory, errno);
            }
        }

        foreach (var hierarchy in hierarchies)
        {
            Enable(hierarchy);
        }

        prepared = true;
    }

    /// <summary>Removes the directories that are empty.</summary>
    public void Remove()
    {
        for (var index = directories.Count - 1; index >= 0; index--)
        {
            _ = Libc.rmdir(directories[index]);
        }
    }

    /// <summary>
    /// The controllers that children of a v2 mount point can have. The root of the whole hierarchy may hold processes and hand on
    /// controllers at once; any other cgroup (a delegated one, or the root of a cgroup namespace) that holds processes can hand on
    /// only what it hands on already.
    /// </summary>
    public static CgroupControllers UsableControllers(string mountPoint)
    {
        var isWholeRoot = KernelFile.TryRead($"{mountPoint}/cgroup.type") is null;
        var free = isWholeRoot || string.IsNullOrWhiteSpace(KernelFile.TryRead($"{mountPoint}/cgroup.procs"));
        var names = KernelFile.TryRead($"{mountPoint}/{(free ? "cgroup.controllers" : "cgroup.subtree_control")}");
        return CgroupHierarchy.ParseControllers(names, ' ');
    }

    private void Enable(CgroupHierarchy hierarchy)
    {
        if (hierarchy.IsUnified)
        {
            EnableUnified(hierarchy, hierarchy.MountPoint);
            EnableUnified(hierarchy, hierarchy.Parent(root));
        }
        else if (hierarchy.Has(CgroupControllers.CpuSet))
        {
            // Nothing can enter a v1 cpuset before it has processors and memory nodes, nor have more than its parent.
            Inherit(hierarchy, "cpuset.cpus");
            Inherit(hierarchy, "cpuset.mems");
        }
    }

    /// <summary>Switches controllers on one by one: a refused one (real-time processes hold cpu, say) must not take the others along.</summary>
    private static void EnableUnified(CgroupHierarchy hierarchy, string directory)
    {
        var control = $"{directory}/cgroup.subtree_control";
        var enabled = CgroupHierarchy.ParseControllers(KernelFile.TryRead(control), ' ');
        foreach (var name in UnifiedNames)
        {
            var controller = CgroupHierarchy.ParseControllers(name, ' ');
            if (hierarchy.Has(controller) && (enabled & controller) == 0)
            {
                _ = KernelFile.TryWrite(control, $"+{name}");
            }
        }
    }

    private void Inherit(CgroupHierarchy hierarchy, string file)
    {
        var (above, own) = ($"{hierarchy.MountPoint}/{file}", $"{hierarchy.Parent(root)}/{file}");
        if (KernelFile.TryRead(above) is { } value && KernelFile.TryRead(own) != value)
        {
            var errno = KernelFile.TryWrite(own, value.Trim());
            if (errno != 0)
            {
                throw CgroupError.LimitRefused(new(own, value.Trim()), errno);
            }
        }
    }
}
