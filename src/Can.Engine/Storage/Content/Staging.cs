using Can.Engine.Kernel;

namespace Can.Engine.Storage.Content;

/// <summary>
/// Blobs and layers on their way into the store: written here, synced together, published by renames. It is gone, with all that was
/// not published, when it is disposed; the kernel frees its lock if its process is killed, and the next sweep takes it.
/// Its members may be used by several threads at once.
/// </summary>
internal sealed class Staging : IDisposable
{
    private readonly ContentStore store;
    private readonly string path;
    private readonly StoreLock held;
    private readonly Trash trash;

    private Staging(ContentStore store, string path, StoreLock held, Trash trash)
    {
        this.store = store;
        this.path = path;
        this.held = held;
        this.trash = trash;
    }

    private string Blobs => $"{path}/blobs";

    private string Layers => $"{path}/layers";

    private string PinnedBlobs => $"{path}/pins/blobs";

    private string PinnedLayers => $"{path}/pins/layers";

    /// <summary>Makes an empty one; the caller holds the store's lock.</summary>
    public static Staging Make(ContentStore store, string path, Trash trash)
    {
        Directories.Ensure(path);
        var held = StoreLock.TryAcquire($"{path}/lock") ?? throw StorageError.From(Errno.EBUSY, "lock", path);
        var staging = new Staging(store, path, held, trash);
        foreach (var directory in (string[])[staging.Blobs, staging.Layers, staging.PinnedBlobs, staging.PinnedLayers])
        {
            Directories.Ensure(directory);
        }

        return staging;
    }

    /// <summary>Whether the process that made it has ended.</summary>
    public static bool IsDead(string path)
    {
        using var free = StoreLock.TryAcquire($"{path}/lock");
        return free is not null;
    }

    /// <summary>Adds what the staging at a path needs of the store.</summary>
    public static void AddPins(string path, HashSet<Digest> blobs, HashSet<string> layers)
    {
        blobs.UnionWith(Names($"{path}/pins/blobs").Select(static name => new Digest(name)));
        layers.UnionWith(Names($"{path}/pins/layers"));
    }

    /// <summary>A path for a blob whose digest is not known yet; <see cref="AddBlob(string, Digest)"/> names it.</summary>
    public string NewBlobPath() => $"{path}/{Guid.NewGuid():n}";

    /// <summary>Takes a file below this staging, or on the same file system, for a blob that is to be published.</summary>
    public void AddBlob(string file, Digest digest)
    {
        if (Libc.rename(file, $"{Blobs}/{digest.Hex}") < 0)
        {
            throw StorageError.Last("write", file);
        }
    }

    /// <summary>Adds a small blob.</summary>
    public Digest AddBlob(ReadOnlySpan<byte> bytes)
    {
        var digest = Digest.Of(bytes);
        AtomicFile.Write($"{Blobs}/{digest.Hex}", bytes, durable: false);
        return digest;
    }

    /// <summary>Where a blob is now: here or in the store; null if it is in neither.</summary>
    public string? Find(Digest digest) =>
        File.Exists($"{Blobs}/{digest.Hex}") ? $"{Blobs}/{digest.Hex}" : store.Blobs.Exists(digest) ? store.Blobs.PathOf(digest) : null;

    /// <summary>A layer to fill.</summary>
    public LayerStaging NewLayer()
    {
        var layer = new LayerStaging($"{path}/{Guid.NewGuid():n}");
        Directories.Ensure(layer.Path);
        Directories.Ensure(layer.Root, Directories.Public);
        return layer;
    }

    /// <summary>Takes a filled layer for one that is to be published. A second one of the same diff id is dropped.</summary>
    public void AddLayer(LayerStaging layer, string diffId, LayerRecord record)
    {
        JsonFile.Write($"{layer.Path}/{LayerStore.RecordFile}", record, CanJsonText.Write, durable: false);
        if (Libc.rename(layer.Path, $"{Layers}/{diffId}") < 0)
        {
            trash.Remove(layer.Path);
        }
    }

    /// <summary>Where a layer is that was added and not yet published.</summary>
    public string PathOfLayer(string diffId) => $"{Layers}/{diffId}";

    /// <summary>Whether the store has a blob. If so it stays there at least as long as this staging.</summary>
    public bool TryPin(Digest digest, CancellationToken cancellation) => TryPin($"{PinnedBlobs}/{digest.Hex}", store.Blobs.PathOf(digest), cancellation);

    /// <summary>Whether the store has an extracted layer. If so it stays there at least as long as this staging.</summary>
    public bool TryPinLayer(string diffId, CancellationToken cancellation) => TryPin($"{PinnedLayers}/{diffId}", store.Layers.PathOf(diffId), cancellation);

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

    /// <summary>Whether nothing has been added: all that is wanted is in the store.</summary>
    public bool IsEmpty => Names(Blobs).Length == 0 && Names(Layers).Length == 0;

    /// <summary>Removes what has been added and turned out not to be wanted.</summary>
    public void Keep(IReadOnlySet<Digest> blobs, IReadOnlySet<string> layers)
    {
        foreach (var name in Names(Blobs).Where(name => !blobs.Contains(new Digest(name))))
        {
            _ = Libc.unlink($"{Blobs}/{name}");
        }

        foreach (var name in Names(Layers).Where(name => !layers.Contains(name)))
        {
            trash.Remove($"{Layers}/{name}");
        }
    }

    /// <summary>Publishes everything that was added, which has been synced; the caller holds the store's lock.</summary>
    public void Publish()
    {
        var blobs = Names(Blobs);
        foreach (var name in blobs)
        {
            store.Blobs.Publish($"{Blobs}/{name}", new Digest(name));
        }

        if (blobs.Length > 0)
        {
            store.Blobs.Sync();
        }

        store.Layers.Publish([.. Names(Layers).Select(name => ($"{Layers}/{name}", name))]);
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

    private static string[] Names(string directory) =>
        Directory.Exists(directory) ? [.. Directory.EnumerateFileSystemEntries(directory).Select(static path => Path.GetFileName(path)!)] : [];

    /// <summary>The pin is set under the lock under which a sweep looks for pins.</summary>
    private bool TryPin(string pin, string wanted, CancellationToken cancellation)
    {
        using (store.Lock(cancellation))
        {
            if (!Libc.TryStatus(wanted, out _))
            {
                return false;
            }

            AtomicFile.Write(pin, [], durable: false);
            return true;
        }
    }
}

/// <summary>A layer in the making.</summary>
/// <param name="Path">What becomes the layer's directory.</param>
internal sealed record LayerStaging(string Path)
{
    /// <summary>Where the layer's files go.</summary>
    public string Root => $"{Path}/root";
}
