namespace Can.Engine.Kernel.Cgroups;

/// <summary>Freezes and thaws all processes of a cgroup.</summary>
/// <remarks>v2: cgroup.freeze and cgroup.events (cgroup-v2.rst); v1: freezer.state (cgroup-v1/freezer-subsystem.rst)</remarks>
internal static class CgroupFreezer
{
    private const int LongestPauseMilliseconds = 20;

    /// <summary>Freezes or thaws, and waits until it is so.</summary>
    /// <exception cref="CanException"><c>CgroupMissing</c></exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; a freeze is undone.</exception>
    public static void Set(CgroupHierarchy hierarchy, string directory, bool frozen, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Ask(hierarchy, directory, frozen);
        for (var pause = 0; !IsSo(hierarchy, directory, frozen); pause = Math.Clamp(pause * 2, 1, LongestPauseMilliseconds))
        {
            if (cancellation.WaitHandle.WaitOne(pause))
            {
                Undo(hierarchy, directory, frozen);
                throw new OperationCanceledException(cancellation);
            }

            if (!hierarchy.IsUnified)
            {
                // v1 gives up on tasks that fork at the wrong moment, and freezes them when it is asked again.
                Ask(hierarchy, directory, frozen);
            }
        }
    }

    /// <summary>Whether every process is frozen; false when the cgroup is gone.</summary>
    public static bool IsFrozen(CgroupHierarchy hierarchy, string directory) => Read(hierarchy, directory) is true;

    /// <exception cref="CanException"><c>CgroupMissing</c>: the container has ended meanwhile.</exception>
    private static bool IsSo(CgroupHierarchy hierarchy, string directory, bool frozen) =>
        (Read(hierarchy, directory) ?? throw CgroupError.CgroupMissing(Path.GetFileName(directory))) == frozen;

    private static void Ask(CgroupHierarchy hierarchy, string directory, bool frozen)
    {
        var write = hierarchy.IsUnified
            ? new CgroupWrite($"{directory}/cgroup.freeze", frozen ? "1" : "0")
            : new CgroupWrite($"{directory}/freezer.state", frozen ? "FROZEN" : "THAWED");
        switch (KernelFile.TryWrite(write.Path, write.Data))
        {
            case 0: return;
            case Errno.ENOENT or Errno.ENODEV: throw CgroupError.CgroupMissing(Path.GetFileName(directory));
            case var errno: throw CgroupError.LimitRefused(write, errno);
        }
    }

    /// <summary>Null when the cgroup is gone.</summary>
    private static bool? Read(CgroupHierarchy hierarchy, string directory)
    {
        if (!hierarchy.IsUnified)
        {
            return KernelFile.TryRead($"{directory}/freezer.state") is { } state ? state.Trim() == "FROZEN" : null;
        }

        return KernelFile.Value(KernelFile.TryRead($"{directory}/cgroup.events"), "frozen") is { } value ? value == 1 : null;
    }

    private static void Undo(CgroupHierarchy hierarchy, string directory, bool frozen)
    {
        if (frozen)
        {
            Ask(hierarchy, directory, frozen: false);
        }
    }
}
