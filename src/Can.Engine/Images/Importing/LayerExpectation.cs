using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Importing;

/// <summary>What is known of a layer before it is read. Whatever is known is checked; nothing need be.</summary>
internal sealed record LayerExpectation
{
    /// <summary>Digest of the blob, the bytes as they come.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Length of the blob in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>SHA-256 of the uncompressed archive, 64 hexadecimal digits.</summary>
    public string? DiffId { get; init; }

    /// <summary>
    /// A file in which the caller keeps the bytes that it hands over, whole when the stream ends. It becomes the blob by a rename, so
    /// it must be on the store's file system; when the layer is refused it stays where it is. Null: the bytes are written by the ingest.
    /// </summary>
    public string? KeptIn { get; init; }

    /// <summary>The blob to be is the uncompressed archive, whatever comes. Not together with <see cref="KeptIn"/>.</summary>
    public bool Uncompressed { get; init; }

    /// <summary>It is a root file system that somebody gave, so it must be one: neither empty nor without its end.</summary>
    public bool IsRoot { get; init; }

    /// <summary>What error messages call it; by default its digest or diff id.</summary>
    public string? Name { get; init; }

    /// <summary>Told how many bytes were just read, on another thread than the caller's; must return at once.</summary>
    public Action<int>? BytesRead { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name ?? Digest?.ToString() ?? (DiffId is null ? "layer" : $"layer sha256:{DiffId}");
}

/// <summary>A layer of which blob and files are staged or pinned.</summary>
/// <param name="Blob">Digest and size of the blob; the media type is the OCI one of what it looks like.</param>
/// <param name="DiffId">SHA-256 of the uncompressed archive, 64 hexadecimal digits.</param>
internal sealed record StagedLayer(OciDescriptor Blob, string DiffId);
