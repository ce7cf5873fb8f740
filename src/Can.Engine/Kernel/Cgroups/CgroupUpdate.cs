using System.Globalization;
using System.Runtime.InteropServices;
using Can.Engine.Containers;
using Can.Engine.Kernel.Cgroups.Controllers;

namespace Can.Engine.Kernel.Cgroups;

/// <summary>Changes the limits of a running container.</summary>
internal sealed class CgroupUpdate(CgroupLayout layout, CanRoot root, string id)
{
    private const int MostRounds = 100;

    private readonly CgroupPlanner planner = new(layout, root, id);

    /// <summary>Checks all limits before it writes the first one.</summary>
    public void Apply(ResourceLimits limits)
    {
        var planned = new List<(LimitController Controller, IReadOnlyList<CgroupWrite> Writes)>();
        foreach (var controller in LimitController.All)
        {
            if (controller.IsLimited(limits) || (controller.IsMentioned(limits) && IsMember(controller)))
            {
                planned.Add((controller, planner.Writes(controller, limits)));
            }
        }

        if (!layout.Hierarchies.Any(hierarchy => Directory.Exists(hierarchy.Leaf(root, id))))
        {
            throw CgroupError.CgroupMissing(id);
        }

        foreach (var (controller, writes) in planned)
        {
            Apply(controller, writes);
        }
    }

    private void Apply(LimitController controller, IReadOnlyList<CgroupWrite> writes)
    {
        var joins = !IsMember(controller);
        var leaf = layout.Find(controller.Controller)!.Leaf(root, id);
        if (joins && Libc.mkdir(leaf, 0x1ED /* 0755 */) != 0 && Marshal.GetLastPInvokeError() is var failure && failure != Errno.EEXIST)
        {
            throw CgroupError.Unavailable(leaf, failure);
        }

        foreach (var write in controller.OrderForUpdate(writes))
        {
            var errno = KernelFile.TryWrite(write.Path, write.Data);
            if (errno != 0 && !write.Optional)
            {
                throw CgroupError.LimitRefused(write, errno);
            }
        }

        if (joins)
        {
            MoveProcesses(leaf);
        }
    }

    private bool IsMember(LimitController controller) =>
        layout.Find(controller.Controller) is { } hierarchy && Directory.Exists(hierarchy.Leaf(root, id));

    /// <summary>
    /// A container started without a limit of a v1 controller is not in that hierarchy yet. Its processes are moved until a look
    /// finds none outside, since they may fork in between.
    /// </summary>
    private void MoveProcesses(string leaf)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var inside = new HashSet<int>(CgroupTree.Processes(leaf));
            var moved = false;
            foreach (var process in layout.Processes(root, id))
            {
                moved |= !inside.Contains(process)
                    && KernelFile.TryWrite($"{leaf}/cgroup.procs", process.ToString(CultureInfo.InvariantCulture)) == 0;
            }

            if (!moved)
            {
                return;
            }
        }
    }
}
