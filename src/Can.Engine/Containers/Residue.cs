using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Storage;

namespace Can.Engine.Containers;

/// <summary>
/// Clears away what a killed process left behind. Whoever meets it does so, under the object's own lock; somebody at work on the
/// object is left in peace, because he holds that lock.
/// </summary>
internal sealed class Residue(CanRoot root, ContainerStore store, CanEngine engine)
{
    private bool hasRemoved;

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
        if (RunLock.IsHeld($"{run}/run.lock"))
        {
            return;
        }

        // A monitor takes its socket away last, so one without a monitor is a killed monitor's, whatever the status says.
        var file = StatusFile.TryRead($"{run}/status");
        var killed = file is { State: not MonitorState.Exited };
        if (!killed && !File.Exists(StatusReader.SocketOf(run)))
        {
            return;
        }

        HostFacts.Current.Cgroups.Sweep(root, id);
        engine.Networks.SweepAbandoned(id);
        if (killed)
        {
            var now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
            var text = (file!.Value with { State = MonitorState.Exited, ExitCode = StatusReader.KilledExitCode, Finished = now }).ToExitedText();
            AtomicFile.Write($"{root.ContainerState(id)}/status", text, durable: false);
            AtomicFile.Write($"{run}/status", text, durable: false);
        }

        File.Delete(StatusReader.SocketOf(run));
    }

    /// <summary>Directories and names that belong to no container: its making, its renaming or its removal was cut short.</summary>
    /// <param name="defined">Ids of the containers that there are.</param>
    /// <param name="onError">Told of what cannot be removed.</param>
    internal void SweepUndefined(HashSet<string> defined, Action<CanException>? onError)
    {
        try
        {
            foreach (var id in store.Ids().Concat(store.RunIds()).Where(id => !defined.Contains(id)).ToHashSet())
            {
                SweepUndefined(id);
            }

            // Every container has one name; whether that holds is seen by counting, which reads no link.
            if (store.Names.Count() != defined.Count)
            {
                foreach (var (name, _) in store.Names.List())
                {
                    _ = ReleaseStaleName(name);
                }
            }
        }
        catch (CanException error)
        {
            onError?.Invoke(error);
        }
    }

    /// <summary>A name that leads to no definition, or to one with another name, is given back, unless somebody works on its container right now.</summary>
    /// <returns>Whether the name is free now.</returns>
    internal bool ReleaseStaleName(string name)
    {
        if (store.Names.Lookup(name) is not { } id)
        {
            return true;
        }

        if (Owns(id, name))
        {
            return false;
        }

        using var held = TryHold(id);
        if (held is null || Owns(id, name))
        {
            return false;
        }

        store.Names.ReleaseIfOwnedBy(name, id);
        RemoveUndefined(id);
        return true;
    }

    /// <summary>Removes everything of a container but its name and definition, which the caller has withdrawn, under its lock.</summary>
    internal void RemoveFiles(string id) => RemoveFiles(id, store.TryReadWithdrawn(id)?.Mounts ?? []);

    /// <summary>The same by a caller that knows the container's mounts.</summary>
    internal void RemoveFiles(string id, IReadOnlyList<MountSpecification> mounts)
    {
        var state = root.ContainerState(id);
        var directories = StartRemovingDirectories(state);
        try
        {
            HostFacts.Current.Cgroups.Sweep(root, id);
            engine.Networks.Release(id);
            RemoveVolumes(mounts);
        }
        finally
        {
            directories.GetAwaiter().GetResult();
        }

        Tree.Remove(state);
        Tree.Remove(root.ContainerRun(id));
    }

    /// <summary>
    /// Removing a directory means to wait for the disk, several times over, so that the large ones go side by side. Not the first time: until
    /// a process's pool has its first thread, the disk has long answered.
    /// </summary>
    private Task StartRemovingDirectories(string state)
    {
        if (!hasRemoved)
        {
            hasRemoved = true;
            return Task.CompletedTask;
        }

        var layer = Task.Run(() => Tree.Remove($"{state}/upper"));
        var others = Task.Run(() =>
        {
            Tree.Remove($"{state}/work");
            Tree.Remove($"{state}/logs");
        });
        return Task.WhenAll(layer, others);
    }

    private void RemoveVolumes(IReadOnlyList<MountSpecification> mounts)
    {
        foreach (var mount in mounts)
        {
            if (mount.Kind == MountKind.Volume && engine.Volumes.TryGet(mount.Source) is { Anonymous: true })
            {
                engine.Volumes.Remove(mount.Source);
            }
        }
    }

    private void SweepUndefined(string id)
    {
        using var held = TryHold(id);
        if (held is not null)
        {
            RemoveUndefined(id);
        }
    }

    private void RemoveUndefined(string id)
    {
        if (!IsDefined(id))
        {
            RemoveFiles(id);
        }
    }

    /// <summary>Does something under the lock of an object that nobody works on; what is left of one that is not there goes as well.</summary>
    internal void WithFree(string id, Action action)
    {
        using var held = TryHold(id);
        if (held is not null)
        {
            RemoveUndefined(id);
            action();
            RemoveUndefined(id);
        }
    }

    /// <summary>Takes the lock unless somebody has it. Its directory is made, for without it (after a reboot) there is no lock.</summary>
    private OperationLock? TryHold(string id)
    {
        Directories.Ensure(root.ContainerRun(id));
        return OperationLock.TryTake(root.ContainerRun(id));
    }

    /// <summary>A damaged definition is one too: its owner has to look at it.</summary>
    internal bool IsDefined(string id) => Libc.TryStatus($"{root.ContainerState(id)}/container.json", out _) && !store.IsUnsettled(id);

    private bool Owns(string id, string name)
    {
        try
        {
            return store.TryRead(id)?.Name == name;
        }
        catch (CanException error) when (error.ErrorId == "StoreCorrupt")
        {
            return true;
        }
    }
}
