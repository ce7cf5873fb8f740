using System.Collections.Concurrent;

namespace Can.Engine.Storage;

/// <summary>The directories of a root, and the look at the boot id that tells a reboot.</summary>
internal static class RunDirectory
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private static readonly ConcurrentDictionary<string, bool> Prepared = new();

    /// <summary>
    /// Makes the directories and, when the run directory is of an earlier boot, empties it: nothing of that time runs any more.
    /// Done once per process, and again when the directories have gone.
    /// </summary>
    internal static void Prepare(CanRoot root)
    {
        if (Prepared.ContainsKey(root.Run) && Directory.Exists(MountPoint(root)) && Directory.Exists($"{root.State}/containers"))
        {
            return;
        }

        Directories.Ensure(root.State, Directories.Private);
        Directories.Ensure($"{root.State}/containers", Directories.Private);
        Directories.Ensure($"{root.State}/names/containers", Directories.Private);
        Directories.Ensure(root.Run, Directories.Private);
        ForgetEarlierBoot(root);
        Directories.Ensure($"{root.Run}/containers", Directories.Private);
        Directories.Ensure(MountPoint(root), Directories.Private);
        Prepared[root.Run] = true;
    }

    /// <summary>The empty directory on which every container mounts its root, in a mount namespace of its own.</summary>
    internal static string MountPoint(CanRoot root) => $"{root.Run}/root";

    private static void ForgetEarlierBoot(CanRoot root)
    {
        using var only = Kernel.Locks.OperationLock.Take(root.Run, CancellationToken.None);
        var now = AtomicFile.TryRead(BootIdFile) ?? throw StorageError.From(Kernel.Errno.ENOENT, "read", BootIdFile);
        var path = $"{root.Run}/boot-id";
        if (AtomicFile.TryRead(path) is { } then)
        {
            if (then.AsSpan().SequenceEqual(now))
            {
                return;
            }

            Tree.Remove($"{root.Run}/containers");
            Tree.Remove($"{root.Run}/networks");
        }

        AtomicFile.Write(path, now, durable: false);
    }
}
