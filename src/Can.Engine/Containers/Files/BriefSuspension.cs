using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Storage;

namespace Can.Engine.Containers.Files;

/// <summary>
/// A container's processes stand still for as long as an operation reads their files. A file beside its live facts says so, locked by
/// the operation's process: where the lock is free beside frozen processes, that process was killed, and whoever looks at the
/// container next thaws it (see <see cref="StatusReader"/>). A suspension that the user asked for has no such file.
/// </summary>
internal sealed class BriefSuspension : IDisposable
{
    private readonly CanRoot root;
    private readonly string id;
    private readonly StoreLock mark;

    private BriefSuspension(CanRoot root, string id, StoreLock mark) => (this.root, this.id, this.mark) = (root, id, mark);

    /// <summary>Freezes the processes of a running container; the caller holds its operation lock.</summary>
    public static BriefSuspension Begin(CanRoot root, string id, CancellationToken cancellation)
    {
        // Before the first process is frozen, so that there is no moment in which a kill would leave them so for good.
        var mark = StoreLock.TryAcquire(MarkOf(root, id)) ?? throw StorageError.From(Errno.EBUSY, "lock", MarkOf(root, id));
        var suspension = new BriefSuspension(root, id, mark);
        try
        {
            HostFacts.Current.Cgroups.Freeze(root, id, frozen: true, cancellation);
            return suspension;
        }
        catch
        {
            suspension.Dispose();
            throw;
        }
    }

    /// <summary>Thaws processes that a killed operation left frozen; not while somebody is just changing the container.</summary>
    /// <returns>Whether there were any.</returns>
    public static bool TryEndAbandoned(CanRoot root, string id)
    {
        if (!File.Exists(MarkOf(root, id)))
        {
            return false;
        }

        // Under the operation lock, lest a suspension that the user asks for just now be taken for this one.
        using var operation = OperationLock.TryTake(root.ContainerRun(id));
        if (operation is null || !File.Exists(MarkOf(root, id)))
        {
            return false;
        }

        using var free = StoreLock.TryAcquire(MarkOf(root, id));
        if (free is null)
        {
            return false;
        }

        HostFacts.Current.Cgroups.Freeze(root, id, frozen: false, CancellationToken.None);
        Forget(root, id);
        return true;
    }

    /// <summary>Removes a mark that was left, so that it does not speak for a later suspension; the caller holds the operation lock.</summary>
    public static void Forget(CanRoot root, string id) => _ = Libc.unlink(MarkOf(root, id));

    /// <summary>Thaws the processes, whatever has happened.</summary>
    public void Dispose()
    {
        try
        {
            HostFacts.Current.Cgroups.Freeze(root, id, frozen: false, CancellationToken.None);
            Forget(root, id);
        }
        finally
        {
            mark.Dispose();
        }
    }

    private static string MarkOf(CanRoot root, string id) => $"{root.ContainerRun(id)}/suspension";
}
