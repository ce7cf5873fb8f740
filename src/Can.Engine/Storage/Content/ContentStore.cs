namespace Can.Engine.Storage.Content;

/// <summary>
/// What images are made of: blobs in an OCI image layout, and layers extracted from them. Things come in by a <see cref="Staging"/>
/// and go when nothing leads to them any more; a crash can leave garbage, never a hole.
/// </summary>
internal sealed class ContentStore
{
    private readonly CanRoot root;
    private readonly Trash trash;

    public ContentStore(CanRoot root, Trash trash)
    {
        this.root = root;
        this.trash = trash;
        Layout = $"{root.State}/images";
        Blobs = new BlobStore(Layout);
        Layers = new LayerStore(root, trash);
    }

    /// <summary>The OCI image layout's directory.</summary>
    public string Layout { get; }

    public BlobStore Blobs { get; }

    public LayerStore Layers { get; }

    private string Stagings => $"{root.State}/staging";

    /// <summary>Held, for moments, by whoever changes what is in the store or which images there are.</summary>
    public StoreLock Lock(CancellationToken cancellation)
    {
        Directories.Ensure(Layout);
        return StoreLock.Acquire($"{Layout}/.lock", cancellation);
    }

    /// <summary>Begins to bring things in. Under the lock, lest a sweep find the directory before its own lock is taken.</summary>
    public Staging Begin(CancellationToken cancellation)
    {
        using (Lock(cancellation))
        {
            trash.Prepare();
            return Staging.Make(this, $"{Stagings}/{Guid.NewGuid():n}", trash);
        }
    }

    /// <summary>
    /// Takes out of sight what is not needed, and what killed stagings left. What a live staging has pinned stays. The caller holds
    /// the lock.
    /// </summary>
    /// <returns>Directories that are then to be removed, which takes a while and needs no lock.</returns>
    public List<string> TakeUnreachable(HashSet<Digest> blobs, HashSet<string> layers)
    {
        var garbage = TakeDeadStagings();
        foreach (var staging in StagingPaths())
        {
            Staging.AddPins(staging, blobs, layers);
        }

        Blobs.RemoveUnreachable(blobs);
        garbage.AddRange(Layers.TakeUnreachable(layers));
        return garbage;
    }

    private List<string> TakeDeadStagings() => [.. StagingPaths().Where(Staging.IsDead).Select(trash.Take).OfType<string>()];

    /// <summary>Directories of all stagings, those that killed processes left included.</summary>
    public string[] StagingPaths() => Directory.Exists(Stagings) ? Directory.GetDirectories(Stagings) : [];
}
