using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Importing;

/// <summary>
/// The one way by which a layer comes into the store, wherever it comes from. One pass over its bytes computes and checks digest, size
/// and diff id, writes the blob, decompresses, and extracts the files; blob and files are then in the <see cref="Staging"/>.
/// <code>
/// using var staging = images.BeginStaging(cancellation);
/// var ingest = images.BeginIngest(staging, maximumSize: null, cancellation);
/// var expected = new LayerExpectation { Digest = layer.Digest, Size = layer.Size, DiffId = diffId, KeptIn = "downloads/HEX" };
/// var staged = ingest.TryReuse(expected) ?? ingest.Take(stream, expected);   // on any thread, several layers at once
/// …
/// images.Publish(staging, …);
/// </code>
/// </summary>
internal sealed class LayerIngest(ContentStore content, ImageCatalog catalog, Staging staging, UnpackLimit limit, CancellationToken cancellation)
{
    private readonly Lazy<HashSet<(Digest, string)>> proven = new(() => Proven(catalog));

    /// <summary>
    /// Pins a layer that the store has, blob and files, without reading anything from where it comes; null if its blob is not there.
    /// Digest and diff id must be known. Files that are missing are extracted from the store's own blob.
    /// </summary>
    /// <exception cref="CanException"><c>DiffIdMismatch</c>: no such blob and files belong together; <c>SizeMismatch</c> and the like.</exception>
    public StagedLayer? TryReuse(LayerExpectation expected)
    {
        if (expected is not { Digest: { } digest, DiffId: { } diffId } || expected.Uncompressed || !staging.TryPin(digest, cancellation))
        {
            return null;
        }

        using var blob = File.OpenRead(content.Blobs.PathOf(digest));
        if (expected.Size is { } size && blob.Length != size)
        {
            throw blob.Length < size ? BlobError.Truncated(expected, blob.Length) : BlobError.TooLong(expected);
        }

        // That the store has both does not mean that one came from the other.
        if ((digest.Hex == diffId || proven.Value.Contains((digest, diffId))) && staging.TryPinLayer(diffId, cancellation))
        {
            Span<byte> start = stackalloc byte[Compressed.Look];
            start = start[..blob.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            var type = Compressed.LayerType(Compressed.Recognize(start));
            return new StagedLayer(new OciDescriptor { MediaType = type, Digest = digest, Size = blob.Length }, diffId);
        }

        return Run(blob, expected with { KeptIn = null }, inStore: true);
    }

    /// <summary>Whether the store has a blob; if so it stays there. For layers of which more will be known later.</summary>
    public bool IsInStore(Digest digest) => staging.TryPin(digest, cancellation);

    /// <summary>
    /// Reads a layer to its end and stages it. A layer whose diff id is known and in the store is not extracted again, but checked all
    /// the same. The stream stays the caller's; what it throws comes through.
    /// </summary>
    /// <exception cref="CanException"><c>DigestMismatch</c>, <c>DiffIdMismatch</c>, <c>BlobTruncated</c>, <c>SizeMismatch</c>,
    /// <c>ImageCorrupt</c>, <c>ImageUnsafePath</c>, <c>ImageFormatUnknown</c>, <c>ImageTooLarge</c>, <c>LibraryMissing</c>,
    /// <c>DiskFull</c>; nothing of the layer stays in the staging.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public StagedLayer Take(Stream blob, LayerExpectation expected) => Run(blob, expected, inStore: false);

    /// <summary>Stages a layer whose archive is being made; the archive is its blob.</summary>
    /// <param name="produce">Makes the archive, on a thread of its own.</param>
    /// <param name="isRoot">It is a root file system of its own, so it must not be empty.</param>
    /// <param name="beforeEntry">Called on the calling thread before each entry is unpacked.</param>
    public StagedLayer Take(Action<BlockWriter> produce, bool isRoot, Action beforeEntry)
    {
        var pass = new LayerPass(staging, limit, new LayerExpectation { IsRoot = isRoot }, cancellation) { BeforeEntry = beforeEntry };
        return pass.Run(produce);
    }

    private StagedLayer Run(Stream blob, LayerExpectation expected, bool inStore)
    {
        cancellation.ThrowIfCancellationRequested();
        using var raw = new RawLayer(blob, expected);
        var pass = new LayerPass(staging, limit, expected, cancellation)
        {
            InStore = inStore,
            HasFiles = expected.DiffId is { } diffId && staging.TryPinLayer(diffId, cancellation),
        };
        return pass.Run(raw);
    }

    /// <summary>Which blobs of the store are known to be which layers.</summary>
    private static HashSet<(Digest, string)> Proven(ImageCatalog catalog) =>
        [.. catalog.All.Select(catalog.TryDescribe).OfType<ImageRecord>().SelectMany(static image => image.Manifest.Layers.Zip(image.Layers, static (blob, layer) => (blob.Digest, layer)))];
}
