using Can.Engine.Images.Tar;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>
/// An image archive that comes once, through a pipe. What looks like a layer is staged as it comes; what is small is remembered;
/// which of it is wanted turns out at the end.
/// </summary>
internal sealed class StreamedFiles : ImageFiles
{
    /// <summary>Bytes of small files that are remembered together.</summary>
    private const long MaximumMemory = 32 << 20;

    private readonly Dictionary<string, byte[]> small = [];
    private readonly Dictionary<string, StagedLayer> staged = [];
    private readonly Dictionary<string, CanException> broken = [];
    private readonly HashSet<string> inStore = [];
    private readonly Dictionary<string, string> links = [];
    private long memory;

    public override bool ReadsLayers => false;

    /// <summary>Reads an archive to its end.</summary>
    public static StreamedFiles Read(Stream stream, LayerIngest ingest, CancellationToken cancellation)
    {
        var files = new StreamedFiles();
        var archive = new TarReader(new StreamTarInput(stream));
        while (archive.Next() is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            if (ArchiveName.Target("", entry.Name) is { } name)
            {
                files.Add(archive, entry, name, ingest);
            }
        }

        // A writer that is not read to its end would be killed by SIGPIPE.
        Drain(stream);
        return files;
    }

    public override bool Has(string name) => Identity(name) is var file && (small.ContainsKey(file) || staged.ContainsKey(file));

    public override long SizeOf(string name) => Identity(name) is var file && small.TryGetValue(file, out var bytes) ? bytes.Length : staged.GetValueOrDefault(file)?.Blob.Size ?? 0;

    public override string Identity(string name)
    {
        for (var i = 0; i < 8 && links.TryGetValue(name, out var target); i++)
        {
            name = target;
        }

        return name;
    }

    public override Compression CompressionOf(string name) => Compression.None;

    public override StagedLayer Take(LayerIngest ingest, string name, LayerExpectation expected)
    {
        name = Identity(name);
        if (broken.TryGetValue(name, out var error))
        {
            throw error;
        }

        if (staged.TryGetValue(name, out var layer))
        {
            return Checked(layer, expected);
        }

        if (inStore.Contains(name) && ingest.TryReuse(expected with { Digest = DigestOf(name) }) is { } there)
        {
            return there;
        }

        return small.TryGetValue(name, out var bytes)
            ? ingest.Take(new MemoryStream(bytes), expected)
            : throw ImageError.Corrupt($"it has no layer '{name}'");
    }

    public override void Dispose()
    {
    }

    private protected override byte[] ReadWhole(string name) =>
        small.GetValueOrDefault(Identity(name)) ?? throw ImageError.Corrupt($"its '{name}' is a layer where a text is expected");

    private static void Drain(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        while (stream.Read(buffer) > 0)
        {
        }
    }

    private void Add(TarReader archive, TarEntry entry, string name, LayerIngest ingest)
    {
        Forget(name);
        if (entry.Type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
        {
            if (ArchiveName.Target(entry.Type == TarEntryType.HardLink ? "" : name, entry.LinkName) is { } target && target != name)
            {
                links[name] = target;
            }
        }
        else if (entry is { Type: TarEntryType.File, Sparse: null })
        {
            AddFile(new PeekStream(new TarEntryStream(archive), Compressed.Look), entry.DataLength, name, ingest);
        }
    }

    private void AddFile(PeekStream data, long length, string name, LayerIngest ingest)
    {
        var compression = Compressed.Recognize(data.Start);
        if (compression == Compression.None && !(length >= TarHeader.BlockSize && Compressed.IsTar(data.Start)))
        {
            Remember(data, length, name);
        }
        else if (DigestOf(name) is { } digest && ingest.IsInStore(digest))
        {
            inStore.Add(name);
        }
        else
        {
            Stage(data, length, name, compression, ingest);
        }
    }

    private void Remember(PeekStream data, long length, string name)
    {
        if (length > Oci.OciImage.Limit || memory + length > MaximumMemory)
        {
            broken[name] = ImageError.Corrupt($"its '{name}' is neither a layer nor as small as a text should be");
            return;
        }

        memory += length;
        var bytes = new byte[length];
        data.ReadExactly(bytes);
        small[name] = bytes;
    }

    private void Stage(PeekStream data, long length, string name, Compression compression, LayerIngest ingest)
    {
        var isBlob = name.StartsWith(ArchiveName.Blobs, StringComparison.Ordinal);
        var expected = new LayerExpectation
        {
            Name = name,
            Size = length,
            Digest = isBlob ? DigestOf(name) : null,
            Uncompressed = compression == Compression.Xz && !isBlob,
        };
        try
        {
            staged[name] = ingest.Take(data, expected);
        }
        catch (CanException error) when (error.Category == CanErrorCategory.InvalidData)
        {
            // Only what an image needs must be whole; other things in the archive may be anything.
            broken[name] = error;
        }
    }

    private void Forget(string name)
    {
        links.Remove(name);
        small.Remove(name);
        staged.Remove(name);
        broken.Remove(name);
        inStore.Remove(name);
    }

    private static StagedLayer Checked(StagedLayer layer, LayerExpectation expected)
    {
        if (expected.Digest is { } digest && digest != layer.Blob.Digest)
        {
            throw BlobError.Digest(expected, layer.Blob.Digest, null);
        }

        if (expected.Size is { } size && size != layer.Blob.Size)
        {
            throw layer.Blob.Size < size ? BlobError.Truncated(expected, layer.Blob.Size) : BlobError.TooLong(expected);
        }

        return expected.DiffId is not { } id || id == layer.DiffId ? layer : throw BlobError.DiffId(expected, new Digest(layer.DiffId), null);
    }

    /// <summary>The digest that a file's name says: <c>blobs/sha256/HEX</c>, <c>HEX.tar</c>.</summary>
    private static Digest? DigestOf(string name)
    {
        var hex = name.StartsWith(ArchiveName.Blobs, StringComparison.Ordinal) ? name[ArchiveName.Blobs.Length..]
            : name.EndsWith(".tar", StringComparison.Ordinal) ? name[..^".tar".Length]
            : "";
        return Digest.IsHex(hex) ? new Digest(hex) : null;
    }
}
