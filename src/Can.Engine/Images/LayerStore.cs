using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Images;

/// <summary>
/// Extracted layers, one directory per diff id. One is filled under another name, synced, and published by a rename; so a layer that
/// is there is there whole. Whoever calls what changes the set of layers holds the lock of the images.
/// </summary>
internal sealed class LayerStore(CanRoot root, Trash trash)
{
    private const string StagingPrefix = ".staging-";

    private readonly string directory = $"{root.State}/layers";

    /// <summary>Whether a layer is there.</summary>
    public bool Exists(string diffId) => Directory.Exists($"{directory}/{diffId}");

    /// <summary>An empty layer to fill; gone when it is disposed without having been published.</summary>
    public LayerStaging Begin()
    {
        var path = $"{directory}/{StagingPrefix}{Guid.NewGuid():n}";
        Directories.Ensure(path);
        trash.Prepare();
        var held = StoreLock.TryAcquire($"{path}/lock") ?? throw StorageError.From(Errno.EBUSY, "lock", path);
        Directories.Ensure($"{path}/layer");
        Directories.Ensure($"{path}/layer/root", Directories.Public);
        return new LayerStaging(path, held, trash);
    }

    /// <summary>Gives a filled layer its name. If it is there already, that one stays.</summary>
    public void Publish(LayerStaging staging, string diffId)
    {
        if (Exists(diffId))
        {
            return;
        }

        if (Libc.rename(staging.Layer, $"{directory}/{diffId}") < 0)
        {
            throw StorageError.Last("publish the layer", $"{directory}/{diffId}");
        }

        Directories.Sync(directory);
    }

    /// <summary>Takes every layer that is not needed out of sight, and what killed imports left.</summary>
    /// <returns>What is then to be removed, which takes a while and needs no lock.</returns>
    public IReadOnlyList<string> TakeUnreachable(IReadOnlySet<string> needed)
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        return [.. Directory.EnumerateDirectories(directory).Where(path => IsGarbage(path, needed)).Select(trash.Take).OfType<string>()];
    }

    private static bool IsGarbage(string path, IReadOnlySet<string> needed)
    {
        var name = Path.GetFileName(path);
        if (!name.StartsWith(StagingPrefix, StringComparison.Ordinal))
        {
            return !needed.Contains(name);
        }

        // The kernel freed the lock of an import that was killed.
        using var free = StoreLock.TryAcquire($"{path}/lock");
        return free is not null;
    }
}

/// <summary>A layer and its image in the making.</summary>
/// <param name="path">Its directory.</param>
/// <param name="held">Its lock: as long as it is held, nobody takes the directory for garbage.</param>
/// <param name="trash">Where it goes when it is given up.</param>
internal sealed class LayerStaging(string path, StoreLock held, Trash trash) : IDisposable
{
    /// <summary>What becomes the layer's directory.</summary>
    public string Layer => $"{path}/layer";

    /// <summary>Where the layer's files go.</summary>
    public string Root => $"{path}/layer/root";

    /// <summary>What becomes the image's directory; made by whoever fills it.</summary>
    public string Image => $"{path}/image";

    /// <summary>
    /// Waits until all of it is on the disk. One call for the whole file system costs a tenth of a second after 170 MB; an fsync of
    /// each of nine thousand files would cost minutes.
    /// </summary>
    public void Sync()
    {
        var descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        try
        {
            if (descriptor < 0 || Libc.syncfs(descriptor) < 0)
            {
                throw StorageError.Last("write", path);
            }
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }

    /// <summary>Removes what has not been published of it.</summary>
    public void Dispose()
    {
        try
        {
            trash.Remove(path);
        }
        finally
        {
            held.Dispose();
        }
    }
}
