using Can.Engine.Images.Oci;
using Can.Engine.Images.Tar;
using Can.Engine.Storage.Content;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Importing;

/// <summary>One pass over one layer: from its bytes to what is staged.</summary>
internal sealed class LayerPass(Staging staging, UnpackLimit limit, LayerExpectation expected, CancellationToken cancellation)
{
    private readonly LayerStaging layer = staging.NewLayer();
    private LayerRecord? record;
    private volatile CanException? damage;

    /// <summary>The blob is in the store: it is only read.</summary>
    public bool InStore { get; init; }

    /// <summary>The files are in the store: they are not extracted again.</summary>
    public bool HasFiles { get; init; }

    /// <summary>Called on the calling thread before each entry.</summary>
    public Action? BeforeEntry { get; init; }

    /// <summary>Stages a layer that comes as a blob.</summary>
    public StagedLayer Run(RawLayer raw)
    {
        var compression = Compressed.Recognize(raw.Start);
        if (compression == Compression.None && !(expected.IsRoot ? TarHeader.HasValidChecksum(raw.Start) : Compressed.IsTar(raw.Start)))
        {
            throw ImageError.FormatUnknown(expected.ToString(), Compressed.Describe(raw.Start));
        }

        return compression == Compression.None || expected.Uncompressed ? RunUncompressed(raw, compression) : RunCompressed(raw, compression);
    }

    /// <summary>Stages a layer whose archive is being made; that archive becomes the blob.</summary>
    public StagedLayer Run(Action<BlockWriter> produce)
    {
        var path = staging.NewBlobPath();
        Digest diffId;
        long length;
        using (var file = BlobFile.Create(path))
        {
            (diffId, length) = BlockPipe.Run(produce, file, Consume, cancellation);
        }

        return Stage(path, new OciDescriptor { MediaType = MediaTypes.OciLayer, Digest = diffId, Size = length }, diffId);
    }

    /// <summary>The uncompressed archive is, or becomes, the blob: it is hashed once, and written by the thread that hashes.</summary>
    private StagedLayer RunUncompressed(RawLayer raw, Compression compression)
    {
        var plain = compression == Compression.None;
        var path = NewBlob();
        Digest diffId;
        long length;
        using (var file = path is null ? null : BlobFile.Create(path))
        {
            raw.Record(hashed: !plain && expected.Digest is not null, null);
            (diffId, length) = Unpack(raw, compression, file);
        }

        Check(plain || expected.Digest is null ? diffId : raw.Digest(), diffId, plain);
        return Stage(path, new OciDescriptor { MediaType = MediaTypes.OciLayer, Digest = diffId, Size = length }, diffId);
    }

    /// <summary>The blob is hashed and written as it is read; the archive in it is hashed for its diff id only.</summary>
    private StagedLayer RunCompressed(RawLayer raw, Compression compression)
    {
        var path = NewBlob();
        Digest diffId;
        using (var file = path is null ? null : BlobFile.Create(path))
        {
            raw.Record(hashed: true, file);
            (diffId, _) = Unpack(raw, compression, null);
        }

        var digest = raw.Digest();
        Check(digest, diffId, compression == Compression.None);
        return Stage(path, new OciDescriptor { MediaType = Compressed.LayerType(compression), Digest = digest, Size = raw.Count }, diffId);
    }

    private string? NewBlob() => InStore || expected.KeptIn is not null ? null : staging.NewBlobPath();

    private (Digest DiffId, long Length) Unpack(RawLayer raw, Compression compression, SafeFileHandle? copy)
    {
        using var archive = Compressed.Open(raw, compression);
        return BlockPipe.Run(writer => Produce(raw, archive, writer), copy, Consume, cancellation);
    }

    /// <summary>
    /// Reads the blob to its end even if the archive in it ends, or turns out damaged, before: only then is its digest known, which
    /// says whether it was damaged on its way or made so. What is not compressed has to be read for its digest anyway.
    /// </summary>
    private void Produce(RawLayer raw, Stream archive, BlockWriter writer)
    {
        try
        {
            while ((archive == raw || damage is null) && archive.Read(writer.Space) is > 0 and var count)
            {
                limit.Add(count);
                writer.Advance(count);
            }
        }
        catch (InvalidDataException exception)
        {
            Damaged(ImageError.Corrupt($"'{expected}' cannot be decompressed, {exception.Message}", exception));
        }

        raw.Drain();
    }

    private void Consume(TarInput input)
    {
        if (HasFiles)
        {
            return;
        }

        try
        {
            Extract(input);
        }
        catch (CanException error) when (error.Category == CanErrorCategory.InvalidData)
        {
            Damaged(error);
        }
    }

    private void Extract(TarInput input)
    {
        // What is cut off between two entries has another digest; if none is known, its end must be marked.
        var reader = new TarReader(input) { EndRequired = expected is { Digest: null, DiffId: null } };
        using var extractor = new LayerExtractor(reader, layer.Root);
        extractor.Extract(() =>
        {
            cancellation.ThrowIfCancellationRequested();
            limit.AddEntry();
            BeforeEntry?.Invoke();
        });
        record = extractor.Entries > 0 || !expected.IsRoot
            ? new LayerRecord { Size = extractor.Size, Entries = extractor.Entries }
            : throw ImageError.Corrupt("it holds no files");
    }

    /// <summary>The first error is the cause, others are its consequences. Without anything to compare with it is final.</summary>
    private void Damaged(CanException error)
    {
        damage ??= error;
        if (expected is { Digest: null, DiffId: null })
        {
            throw damage;
        }
    }

    private void Check(Digest digest, Digest diffId, bool whole)
    {
        if (expected.Digest is { } wanted && wanted != digest)
        {
            throw BlobError.Digest(expected, digest, damage);
        }

        if (damage is { } error && (!whole || expected.DiffId is null || expected.DiffId == diffId.Hex))
        {
            throw error;
        }

        if (expected.DiffId is { } id && id != diffId.Hex)
        {
            throw BlobError.DiffId(expected, diffId, damage);
        }
    }

    private StagedLayer Stage(string? written, OciDescriptor blob, Digest diffId)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!InStore && (written ?? expected.KeptIn) is { } path)
        {
            staging.AddBlob(path, blob.Digest);
        }

        if (record is not null)
        {
            staging.AddLayer(layer, diffId.Hex, record);
        }

        return new StagedLayer(blob, diffId.Hex);
    }
}
