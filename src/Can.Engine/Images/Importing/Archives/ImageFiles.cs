using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>The files of an image archive or layout, by name, wherever they are.</summary>
internal abstract class ImageFiles : IDisposable
{
    /// <summary>Whether there is such a file.</summary>
    public abstract bool Has(string name);

    /// <summary>Bytes of a file; 0 if it is not there.</summary>
    public abstract long SizeOf(string name);

    /// <summary>What identifies a file by whatever name it is asked for: two names may be links to one file.</summary>
    public virtual string Identity(string name) => name;

    /// <summary>How a layer is compressed.</summary>
    public abstract Compression CompressionOf(string name);

    /// <summary>Stages or pins a layer. Several may be taken at once.</summary>
    public abstract StagedLayer Take(LayerIngest ingest, string name, LayerExpectation expected);

    /// <summary>Whether layers may be taken, and are then read, at all; else they have been read before.</summary>
    public abstract bool ReadsLayers { get; }

    /// <summary>A small file's content.</summary>
    /// <param name="name">Which.</param>
    /// <param name="limit">Bytes that it may have.</param>
    /// <exception cref="CanException"><c>ImageCorrupt</c>: it is missing or too large.</exception>
    public byte[] Read(string name, int limit)
    {
        if (!Has(name))
        {
            throw ImageError.Corrupt($"it has no '{name}'");
        }

        return SizeOf(name) is var size && size <= limit
            ? ReadWhole(name)
            : throw ImageError.Corrupt($"its '{name}' has {size} bytes, more than the {limit} that such a file may have");
    }

    /// <summary>A small blob's content, checked.</summary>
    /// <exception cref="CanException"><c>ImageCorrupt</c>, <c>DigestMismatch</c>, <c>BlobTruncated</c>, <c>SizeMismatch</c></exception>
    public byte[] ReadBlob(Digest digest, long? size, int limit)
    {
        var expected = new LayerExpectation { Digest = digest, Size = size };
        var bytes = Read(ArchiveName.Blobs + digest.Hex, limit);
        if (size is { } wanted && wanted != bytes.Length)
        {
            throw bytes.Length < wanted ? BlobError.Truncated(expected, bytes.Length) : BlobError.TooLong(expected);
        }

        return Digest.Of(bytes) is var found && found == digest ? bytes : throw BlobError.Digest(expected, found, null);
    }

    public abstract void Dispose();

    private protected abstract byte[] ReadWhole(string name);
}
