using Can.Engine.Kernel;

namespace Can.Engine.Storage.Content;

/// <summary>Content by its digest: <c>blobs/sha256/HEX</c> of the OCI image layout. A blob that is there is there whole.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/image-layout.md#blobs</remarks>
internal sealed class BlobStore(string layout)
{
    private readonly string directory = $"{layout}/blobs/sha256";

    /// <summary>Where a blob is, or would be.</summary>
    public string PathOf(Digest digest) => $"{directory}/{digest.Hex}";

    /// <summary>Whether a blob is there.</summary>
    public bool Exists(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>Digests of all blobs, in no order.</summary>
    public IEnumerable<Digest> List() => Directory.Exists(directory)
        ? Directory.EnumerateFiles(directory).Select(static path => Path.GetFileName(path)).Where(static name => Digest.IsHex(name)).Select(static name => new Digest(name))
        : [];

    /// <summary>Bytes of a blob; 0 if it is not there.</summary>
    public long SizeOf(Digest digest) => Libc.TryStatus(PathOf(digest), out var status) ? status.Size : 0;

    /// <summary>A small blob's content, checked against its digest.</summary>
    /// <param name="digest">Which.</param>
    /// <param name="limit">Bytes that it may have.</param>
    /// <exception cref="CanException"><c>StoreCorrupt</c>: it is missing, too large, or not what its name says.</exception>
    public byte[] Read(Digest digest, int limit)
    {
        var path = PathOf(digest);
        if (!Libc.TryStatus(path, out var status))
        {
            throw Corrupt(digest, "is missing");
        }

        if (status.Size > limit)
        {
            throw Corrupt(digest, $"has {status.Size:N0} bytes, more than the {limit:N0} that one of its kind may have");
        }

        var bytes = AtomicFile.TryRead(path) ?? throw Corrupt(digest, "is missing");
        return Digest.Of(bytes) == digest ? bytes : throw Corrupt(digest, "does not have the content that its name says");
    }

    /// <summary>Publishes a file that has been synced. If the blob is there already, that one stays.</summary>
    public void Publish(string file, Digest digest)
    {
        Directories.Ensure(directory);
        if (!Exists(digest) && Libc.rename(file, PathOf(digest)) < 0)
        {
            throw StorageError.Last("publish the blob", PathOf(digest));
        }
    }

    /// <summary>Waits until the names of all blobs are on the disk.</summary>
    public void Sync() => Directories.Sync(directory);

    /// <summary>Removes what is not needed.</summary>
    public void RemoveUnreachable(IReadOnlySet<Digest> needed)
    {
        foreach (var digest in List().Where(digest => !needed.Contains(digest)))
        {
            _ = Libc.unlink(PathOf(digest));
        }
    }

    /// <summary>The error for a blob that is not as it should be.</summary>
    public CanException Corrupt(Digest digest, string what, Exception? cause = null) => new(
        "StoreCorrupt",
        CanErrorCategory.InvalidData,
        $"The store's blob '{PathOf(digest)}' {what}. Test-CanStorage lists what is damaged; import or receive the image anew.",
        PathOf(digest),
        cause);
}
