using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Images;

/// <summary>
/// Records of images and their references. This is the seam of a content store: it knows configurations and the digests of layers,
/// not where a layer's files are nor where they came from.
/// </summary>
internal sealed class ImageStore(CanRoot root)
{
    private const string HiddenPrefix = ".removing-";

    private readonly string directory = $"{root.State}/images";

    /// <summary>References, with their tag.</summary>
    public NameTable Names { get; } = new($"{root.State}/names/images");

    /// <summary>Held, for moments, by whoever changes images or the set of layers.</summary>
    public StoreLock Lock(CancellationToken cancellation)
    {
        Directories.Ensure(directory);
        return StoreLock.Acquire($"{directory}/.lock", cancellation);
    }

    /// <summary>Ids of all images, in no order.</summary>
    public IEnumerable<string> Ids() => Entries().Where(static name => name[0] != '.');

    /// <summary>An image; null if there is none.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public ImageRecord? TryRead(string id) => JsonFile.TryRead($"{directory}/{id}/image.json", CanJson.Default.ImageRecord);

    /// <summary>References by image.</summary>
    public ILookup<string, string> References() => Names.List().ToLookup(static pair => pair.Value, static pair => pair.Key);

    /// <summary>Writes an image's files somewhere else; they are not waited for.</summary>
    /// <param name="path">The directory that is to become the image's.</param>
    /// <param name="record">The image.</param>
    /// <param name="configuration">The OCI configuration, byte for byte as it was hashed.</param>
    public static void Stage(string path, ImageRecord record, ReadOnlySpan<byte> configuration)
    {
        Directories.Ensure(path);
        AtomicFile.Write($"{path}/config.json", configuration, durable: false);
        JsonFile.Write($"{path}/image.json", record, CanJson.Default.ImageRecord, durable: false);
    }

    /// <summary>Publishes what was staged, and has been synced since. An image that is there already stays as it is.</summary>
    public void Publish(string staged, string id)
    {
        var path = $"{directory}/{id}";
        if (Directory.Exists(path))
        {
            return;
        }

        if (Libc.rename(staged, path) < 0)
        {
            throw StorageError.Last("publish the image", path);
        }

        Directories.Sync(directory);
    }

    /// <summary>Takes an image out of sight in one step.</summary>
    public void Hide(string id) => Move(id, HiddenPrefix + id);

    /// <summary>Puts it back.</summary>
    public void Show(string id) => Move(HiddenPrefix + id, id);

    /// <summary>Where a hidden image is.</summary>
    public string HiddenPath(string id) => $"{directory}/{HiddenPrefix}{id}";

    /// <summary>Images whose removal was cut short between hiding and removing.</summary>
    public IReadOnlyList<string> Hidden() =>
        [.. Entries().Where(static name => name.StartsWith(HiddenPrefix, StringComparison.Ordinal)).Select(static name => name[HiddenPrefix.Length..])];

    private void Move(string from, string to)
    {
        if (Libc.rename($"{directory}/{from}", $"{directory}/{to}") < 0)
        {
            throw StorageError.Last("rename", $"{directory}/{from}");
        }
    }

    private IEnumerable<string> Entries() =>
        Directory.Exists(directory) ? Directory.EnumerateDirectories(directory).Select(static path => Path.GetFileName(path)!) : [];
}
