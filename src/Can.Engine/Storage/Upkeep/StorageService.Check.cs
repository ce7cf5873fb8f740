using Can.Engine.Kernel;

namespace Can.Engine.Storage.Upkeep;

public sealed partial class StorageService
{
    /// <summary>The root this service works on.</summary>
    public CanRoot Root => engine.Root;

    /// <summary>
    /// Looks whether everything is whole: every blob is what its name says; every reference leads to a manifest, a configuration and
    /// layers; every layer is unpacked; every container has its layers and volumes. Changes nothing.
    /// </summary>
    /// <param name="deep">Unpacks every layer once more and compares.</param>
    /// <param name="progress">Told the number of bytes read so far and their total; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What is wrong; empty if all is well.</returns>
    public IReadOnlyList<StorageProblem> Check(bool deep, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        Privileges.RequireRoot();
        var blobs = new BlobCheck(engine.Images.Content, progress, cancellation);
        var images = new ImageCheck(engine.Images, blobs);
        return
        [
            .. blobs.Problems,
            .. images.Problems(),
            .. new LayerCheck(engine, blobs, deep, cancellation).Problems(images.Whole),
            .. new ObjectCheck(engine).Problems(),
            .. LeftoverProblems(),
        ];
    }

    private List<StorageProblem> LeftoverProblems()
    {
        var trash = $"{engine.Root.State}/trash";
        var paths = engine.Images.Content.StagingPaths().Where(Content.Staging.IsDead)
            .Concat(Directory.Exists(trash) ? Directory.EnumerateFileSystemEntries(trash) : []);
        return
        [
            .. paths.Select(path => new StorageProblem(
                StorageProblemKind.Leftover, path, "An operation that was cut short left it; it only takes room.", "The next import or Clear-CanStorage removes it.")
            {
                RepairAction = "Remove it",
                Repairing = cancellation => engine.Images.CollectGarbage(cancellation),
            }),
        ];
    }
}
