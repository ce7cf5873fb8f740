using Can.Engine.Kernel;

namespace Can.Engine.Storage.Content;

/// <summary>
/// Extracted layers, one directory per diff id, shared by all images and containers. One comes by a <see cref="Staging"/> and a
/// rename; so a layer that is there is there whole. Whoever calls what changes the set of layers holds the store's lock.
/// </summary>
internal sealed class LayerStore(CanRoot root, Trash trash)
{
    /// <summary>Name of a layer's record beside its root.</summary>
    public const string RecordFile = "layer.json";

    private readonly string directory = $"{root.State}/layers";

    /// <summary>Where a layer is, or would be.</summary>
    public string PathOf(string diffId) => $"{directory}/{diffId}";

    /// <summary>Where a layer's files are.</summary>
    public string RootOf(string diffId) => $"{PathOf(diffId)}/root";

    /// <summary>Whether a layer is there.</summary>
    public bool Exists(string diffId) => Directory.Exists(PathOf(diffId));

    /// <summary>Diff ids of all layers, in no order.</summary>
    public IEnumerable<string> List() =>
        Directory.Exists(directory) ? Directory.EnumerateDirectories(directory).Select(static path => Path.GetFileName(path)!) : [];

    /// <summary>What is known of a layer; null if it is not there.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public LayerRecord? TryRead(string diffId) => JsonFile.TryRead($"{PathOf(diffId)}/{RecordFile}", CanJson.Default.LayerRecord);

    /// <summary>Gives filled and synced layers their names. If one is there already, that one stays.</summary>
    public void Publish(IReadOnlyList<(string Path, string DiffId)> filled)
    {
        var missing = filled.Where(layer => !Exists(layer.DiffId)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        Directories.Ensure(directory);
        foreach (var (path, diffId) in missing)
        {
            if (Libc.rename(path, PathOf(diffId)) < 0)
            {
                throw StorageError.Last("publish the layer", PathOf(diffId));
            }
        }

        Directories.Sync(directory);
    }

    /// <summary>Takes a layer out of sight.</summary>
    /// <returns>What is then to be removed; null if it was not there.</returns>
    public string? Take(string diffId) => trash.Take(PathOf(diffId));

    /// <summary>Takes every layer that is not needed out of sight.</summary>
    /// <returns>What is then to be removed, which takes a while and needs no lock.</returns>
    public IEnumerable<string> TakeUnreachable(IReadOnlySet<string> needed) =>
        [.. List().Where(diffId => !needed.Contains(diffId)).Select(diffId => trash.Take(PathOf(diffId))).OfType<string>()];
}

/// <summary>What is known of an extracted layer; layer.json beside its root.</summary>
internal sealed record LayerRecord
{
    /// <summary>Bytes of its regular files, holes included.</summary>
    public required long Size { get; init; }

    /// <summary>Entries of its archive.</summary>
    public required long Entries { get; init; }
}
