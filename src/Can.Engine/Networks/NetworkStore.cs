using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Networks.Addresses;
using Can.Engine.Storage;

namespace Can.Engine.Networks;

/// <summary>Definitions of networks on disk, and the places of what they have in memory.</summary>
internal sealed class NetworkStore(CanRoot root)
{
    private readonly string directory = $"{root.State}/networks";
    private readonly Trash trash = new(root);

    /// <summary>Definitions already parsed, by name, with the version of the file they were read from.</summary>
    private readonly ConcurrentDictionary<string, (Libc.FileStatus Version, NetworkDefinition Definition)> parsed = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, LeaseTable> leases = new(StringComparer.Ordinal);

    /// <summary>Where live facts of all networks are; its lock is held while the set of networks changes.</summary>
    public string RunDirectory { get; } = $"{root.Run}/networks";

    /// <summary>Where the live facts of a network are.</summary>
    public string RunDirectoryOf(string id) => $"{RunDirectory}/{id}";

    /// <summary>The leases of a network.</summary>
    public LeaseTable Leases(string id) => leases.GetOrAdd(id, static (id, store) => new LeaseTable($"{store.RunDirectoryOf(id)}/leases"), this);

    /// <summary>Names of all networks, in order.</summary>
    public IReadOnlyList<string> Names() => Directory.Exists(directory)
        ? [.. Directory.EnumerateDirectories(directory).Select(static path => Path.GetFileName(path)!).Where(NetworkName.IsValid).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The definition of a network; null if there is none.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public NetworkDefinition? TryRead(string name)
    {
        var path = $"{directory}/{name}/network.json";
        if (!NetworkName.IsValid(name) || !Libc.TryStatus(path, out var version))
        {
            return null;
        }

        if (parsed.TryGetValue(name, out var known) && known.Version == version)
        {
            return known.Definition;
        }

        var definition = JsonFile.TryRead(path, NetworkReader.Definition);
        if (definition is not null)
        {
            parsed[name] = (version, definition);
        }

        return definition;
    }

    /// <summary>Publishes a definition, made whole under another name: the rename, which fails where a network is, makes it one.</summary>
    /// <returns>False if there is a network of this name.</returns>
    public bool TryPublish(NetworkDefinition definition)
    {
        var path = $"{directory}/{definition.Name}";
        var staging = AtomicFile.TemporaryBeside(path);

        // Whoever dies gives the lock back, and the next look knows that the directory is nobody's.
        using var held = OperationLock.Take(staging, CancellationToken.None);
        try
        {
            JsonFile.Write($"{staging}/network.json", definition, CanJsonText.Write, durable: true);
            if (Libc.rename(staging, path) == 0)
            {
                Directories.Sync(directory);
                return true;
            }

            return Marshal.GetLastPInvokeError() is Errno.ENOTEMPTY or Errno.EEXIST ? false : throw StorageError.Last("create the network", path);
        }
        finally
        {
            Tree.Remove(staging);
        }
    }

    /// <summary>Takes a network out of sight.</summary>
    /// <returns>Where it is now, for <see cref="Restore"/>; null if it was gone.</returns>
    public string? Withdraw(string name) => trash.Take($"{directory}/{name}");

    /// <summary>Takes a withdrawal back.</summary>
    public void Restore(string name, string taken) => _ = Libc.rename(taken, $"{directory}/{name}");

    /// <summary>Removes what is left from networks whose making was cut short.</summary>
    public void SweepUnfinished()
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var unfinished in Directory.EnumerateDirectories(directory, ".*"))
        {
            using var free = OperationLock.TryTake(unfinished);
            if (free is not null)
            {
                Tree.Remove(unfinished);
            }
        }
    }
}
