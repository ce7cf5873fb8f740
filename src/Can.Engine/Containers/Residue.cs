using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Storage;

namespace Can.Engine.Containers;

/// <summary>
/// Clears away what a killed process left behind. Whoever meets it does so, under the object's own lock; somebody at work on the
/// object is left in peace, because he holds that lock.
/// </summary>
internal sealed class Residue(CanRoot root, ContainerStore store)
{
    /// <summary>The monitor was killed: its container died with it, its cgroups and its record did not.</summary>
    internal void SweepAbandoned(string id)
    {
        using var held = OperationLock.TryTake(root.ContainerRun(id));
        if (held is not null)
        {
            SweepAbandonedLocked(id);
        }
    }

    /// <summary>The same, by a caller that holds the operation lock.</summary>
    internal void SweepAbandonedLocked(string id)
    {
        var run = root.ContainerRun(id);
        if (RunLock.IsHeld($"{run}/run.lock") || StatusFile.TryRead($"{run}/status") is not { State: not MonitorState.Exited } file)
        {
            return;
        }

        HostFacts.Current.Cgroups.Sweep(root, id);
        var now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        var text = (file with { State = MonitorState.Exited, ExitCode = StatusReader.KilledExitCode, Finished = now }).ToExitedText();
        AtomicFile.Write($"{root.ContainerState(id)}/status", text, durable: false);
        AtomicFile.Write($"{run}/status", text, durable: false);
        File.Delete($"{run}/control");
    }

    /// <summary>A directory without a definition: its making or its removal was cut short.</summary>
    internal void SweepUndefined(string id)
    {
        using var held = OperationLock.Take(root.ContainerRun(id), CancellationToken.None);
        if (store.TryRead(id) is null)
        {
            RemoveFiles(id);
        }
    }

    /// <summary>A name that leads to no definition is given back, unless its container is being made right now.</summary>
    /// <returns>Whether the name is free now.</returns>
    internal bool ReleaseStaleName(string name)
    {
        if (store.Names.Lookup(name) is not { } id)
        {
            return true;
        }

        if (store.TryRead(id) is { } owner)
        {
            // A rename that was cut short leaves the new name claimed beside the one in the definition.
            return owner.Name != name && ReleaseIfUnused(name, id);
        }

        return ReleaseIfUnused(name, id);
    }

    /// <summary>Removes everything of a container but its name and definition, which the caller has withdrawn.</summary>
    internal void RemoveFiles(string id)
    {
        HostFacts.Current.Cgroups.Sweep(root, id);
        Tree.Remove(root.ContainerState(id));
        Tree.Remove(root.ContainerRun(id));
    }

    private bool ReleaseIfUnused(string name, string id)
    {
        var run = root.ContainerRun(id);
        if (Directory.Exists(run))
        {
            using var held = OperationLock.TryTake(run);
            if (held is null || RunLock.IsHeld($"{run}/run.lock") || store.TryRead(id)?.Name == name)
            {
                return false;
            }

            store.Names.ReleaseIfOwnedBy(name, id);
            if (store.TryRead(id) is null)
            {
                RemoveFiles(id);
            }

            return true;
        }

        store.Names.ReleaseIfOwnedBy(name, id);
        return true;
    }
}
