namespace Can.Engine.Kernel.Cgroups;

/// <summary>Freezes and thaws all processes of a cgroup.</summary>
/// <remarks>v2: cgroup.freeze and cgroup.events (cgroup-v2.rst); v1: freezer.state (cgroup-v1/freezer-subsystem.rst)</remarks>
internal static class CgroupFreezer
{
    private const int LongestPauseMilliseconds = 20;

    /// <summary>Freezes or thaws, and waits until it is so. In a cgroup that is gone nothing is frozen, so that thawing it is done.</summary>
    /// <exception cref="CanException"><c>CgroupMissing</c>: there is nothing to freeze.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; a freeze is undone.</exception>
    public static void Set(CgroupHierarchy hierarchy, string directory, bool frozen, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!TryAsk(hierarchy, directory, frozen))
        {
            return;
        }

        for (var pause = 0; !IsSo(hierarchy, directory, frozen); pause = Math.Clamp(pause * 2, 1, LongestPauseMilliseconds))
        {
            if (cancellation.WaitHandle.WaitOne(pause))
            {
                _ = TryAsk(hierarchy, directory, frozen: false);
                throw new OperationCanceledException(cancellation);
            }

            if (!hierarchy.IsUnified)
            {
                // v1 gives up on tasks that fork at the wrong moment, and freezes them when it is asked again.
                _ = TryAsk(hierarchy, directory, frozen);
            }
        }
    }

    /// <summary>Whether every process is frozen; false when the cgroup is gone.</summary>
    public static bool IsFrozen(CgroupHierarchy hierarchy, string directory) => Read(hierarchy, directory) is true;

    /// <summary>The file that says whether it is frozen.</summary>
    public static string StateFile(CgroupHierarchy hierarchy, string directory) => $"{directory}/{(hierarchy.IsUnified ? "cgroup.events" : "freezer.state")}";

    private static bool IsSo(CgroupHierarchy hierarchy, string directory, bool frozen) =>
        (Read(hierarchy, directory) ?? (frozen ? throw CgroupError.CgroupMissing(Path.GetFileName(directory)) : false)) == frozen;

    /// <summary>False when there is no cgroup (any more) that would have to be thawed.</summary>
    private static bool TryAsk(CgroupHierarchy hierarchy, string directory, bool frozen)
    {
        var write = hierarchy.IsUnified
            ? new CgroupWrite($"{directory}/cgroup.freeze", frozen ? "1" : "0")
            : new CgroupWrite($"{directory}/freezer.state", frozen ? "FROZEN" : "THAWED");
        switch (KernelFile.TryWrite(write.Path, write.Data))
        {
            case 0: return true;
            case Errno.ENOENT or Errno.ENODEV when !frozen: return false;
            case Errno.ENOENT or Errno.ENODEV: throw CgroupError.CgroupMissing(Path.GetFileName(directory));
            case var errno: throw CgroupError.LimitRefused(write, errno);
        }
    }

    /// <summary>Null when the cgroup is gone.</summary>
    private static bool? Read(CgroupHierarchy hierarchy, string directory)
    {
        var text = KernelFile.TryRead(StateFile(hierarchy, directory));
        return hierarchy.IsUnified
            ? KernelFile.Value(text, "frozen") is { } value ? value == 1 : null
            : text is null ? null : text.Trim() == "FROZEN";
    }
}
