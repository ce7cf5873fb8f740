using System.Collections.Concurrent;
using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Networks;

/// <summary>The containers' <see cref="NetworkRecord"/>s on disk.</summary>
internal sealed class NetworkRecords(CanRoot root)
{
    /// <summary>Records already parsed, with the version of the file they were read from.</summary>
    private readonly ConcurrentDictionary<string, (Libc.FileStatus Version, NetworkRecord Record)> parsed = new(StringComparer.Ordinal);

    /// <summary>What a container has; null if that is nothing, or if a killed process has left the file damaged.</summary>
    public NetworkRecord? TryRead(string id)
    {
        var path = PathOf(id);
        if (!Libc.TryStatus(path, out var version))
        {
            parsed.TryRemove(id, out _);
            return null;
        }

        if (parsed.TryGetValue(id, out var known) && known.Version == version)
        {
            return known.Record;
        }

        try
        {
            if (JsonFile.TryRead(path, CanJson.Default.NetworkRecord) is not { } record)
            {
                return null;
            }

            parsed[id] = (version, record);
            return record;
        }
        catch (CanException error) when (error.ErrorId == "StoreCorrupt")
        {
            // It is found out anew; leases that it would have named are swept as nobody's.
            return null;
        }
    }

    /// <summary>Writes what a container has; the caller holds its operation lock.</summary>
    public void Write(string id, NetworkRecord record)
    {
        JsonFile.Write(PathOf(id), record, CanJsonText.Write, durable: false);
        if (Libc.TryStatus(PathOf(id), out var version))
        {
            parsed[id] = (version, record);
        }
    }

    /// <summary>The container is gone.</summary>
    public void Forget(string id) => parsed.TryRemove(id, out _);

    private string PathOf(string id) => $"{root.ContainerRun(id)}/network.json";
}
