using System.Collections.Concurrent;
using System.Text.Json;
using Can.Engine.Images.Oci;
using Can.Engine.Kernel;
using Can.Engine.Storage;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images;

/// <summary>
/// Which images and references there are: <c>index.json</c> of the store's OCI image layout, in which each reference has a descriptor
/// of its own, and an image without any has one without a name.
/// </summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/image-layout.md</remarks>
internal sealed class ImageCatalog(ContentStore content)
{
    /// <summary>
    /// A file that is replaced twice within one tick of the file system's clock may look unchanged, so what was read from one younger
    /// than this is not remembered.
    /// </summary>
    private const long SettledAfterNanoseconds = 100_000_000;

    private readonly ConcurrentDictionary<Digest, ImageRecord> records = new();
    private Read? remembered;

    private string Path => $"{content.Layout}/index.json";

    /// <summary>Descriptors of all images that can be found.</summary>
    public IReadOnlyList<OciDescriptor> Visible => Load().Visible;

    /// <summary>Descriptors of all images, those that are being removed included.</summary>
    public IReadOnlyList<OciDescriptor> All => Load().All;

    /// <summary>The image that has a reference; null if there is none.</summary>
    /// <param name="reference">As <see cref="ImageReference.ToString"/> has it.</param>
    public OciDescriptor? Find(string reference) => Load().ByReference.GetValueOrDefault(reference);

    /// <summary>What a manifest says; remembered, for it never changes.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public ImageRecord Describe(OciDescriptor descriptor) =>
        records.TryGetValue(descriptor.Digest, out var record) ? record : records[descriptor.Digest] = ReadImage(descriptor);

    /// <summary>What a manifest says; null if it, or its configuration, is damaged.</summary>
    public ImageRecord? TryDescribe(OciDescriptor descriptor)
    {
        try
        {
            return Describe(descriptor);
        }
        catch (CanException exception) when (exception.ErrorId == "StoreCorrupt")
        {
            return null;
        }
    }

    /// <summary>Replaces the index, durably; the caller holds the store's lock.</summary>
    public void Write(IEnumerable<OciDescriptor> descriptors)
    {
        Directories.Ensure(content.Layout);
        var layout = $"{content.Layout}/oci-layout";
        if (!File.Exists(layout))
        {
            AtomicFile.Write(layout, """{"imageLayoutVersion":"1.0.0"}"""u8, durable: true);
        }

        var index = new OciIndex { SchemaVersion = 2, MediaType = MediaTypes.OciIndex, Manifests = [.. descriptors] };
        AtomicFile.Write(Path, OciWriter.Write(index), durable: true);
        remembered = null;
    }

    /// <summary>Removes what killed processes left half written.</summary>
    public void RemoveStale() => AtomicFile.RemoveStale(content.Layout);

    private Read Load()
    {
        // Not a Lock, which makes an event when somebody has to wait: a process that reads ahead would wait longer for that than for the index.
        lock (records)
        {
            return LoadLocked();
        }
    }

    private Read LoadLocked()
    {
        if (!Libc.TryStatus(Path, out var status))
        {
            return Read.Nothing;
        }

        if (remembered is { } last && last.Status == status)
        {
            return last;
        }

        var now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
        var read = new Read(status, ReadIndex());
        remembered = now - status.ModifiedNanoseconds > SettledAfterNanoseconds ? read : null;
        return read;
    }

    private IReadOnlyList<OciDescriptor> ReadIndex() => JsonFile.TryRead(Path, OciReader.Index)?.Manifests ?? [];

    private ImageRecord ReadImage(OciDescriptor descriptor)
    {
        var manifest = Parse(descriptor.Digest, OciManifest.Limit, OciReader.Manifest);
        var image = Parse(manifest.Config.Digest, OciImage.Limit, OciReader.Image);
        return new ImageRecord
        {
            Id = manifest.Config.Digest.Hex,
            Descriptor = descriptor with { Annotations = null },
            Manifest = manifest,
            Image = image,
            Layers = [.. image.Rootfs.DiffIds.Select(static digest => digest.Hex)],
            Configuration = OciConfiguration.Defaults(image),
        };
    }

    private T Parse<T>(Digest digest, int limit, Func<ReadOnlyMemory<byte>, T> read)
        where T : class
    {
        var bytes = content.Blobs.Read(digest, limit);
        try
        {
            return read(bytes);
        }
        catch (JsonException exception)
        {
            throw content.Blobs.Corrupt(digest, $"cannot be understood: {exception.Message}", exception);
        }
    }

    /// <summary>The index as it was when its file had this status.</summary>
    private sealed class Read
    {
        public static readonly Read Nothing = new(default, []);

        public Read(Libc.FileStatus status, IReadOnlyList<OciDescriptor> all)
        {
            Status = status;
            All = all;
            Visible = [.. all.Where(static descriptor => descriptor.Annotation(Annotations.Removing) is null)];
            var byReference = new Dictionary<string, OciDescriptor>(StringComparer.Ordinal);
            foreach (var descriptor in Visible)
            {
                if (descriptor.Annotation(Annotations.ReferenceName) is { } name)
                {
                    byReference[name] = descriptor;
                }
            }

            ByReference = byReference;
        }

        public Libc.FileStatus Status { get; }

        public IReadOnlyList<OciDescriptor> All { get; }

        public IReadOnlyList<OciDescriptor> Visible { get; }

        public IReadOnlyDictionary<string, OciDescriptor> ByReference { get; }
    }
}
