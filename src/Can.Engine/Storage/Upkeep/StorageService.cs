using Can.Engine.Containers;
using Can.Engine.Images;
using Can.Engine.Images.Registries.Transfer;
using Can.Engine.Kernel;
using Can.Engine.Volumes;

namespace Can.Engine.Storage.Upkeep;

/// <summary>Looks after what the engine keeps on the disk: how much it is, what nobody needs, and whether it is whole.</summary>
public sealed partial class StorageService
{
    private readonly CanEngine engine;

    internal StorageService(CanEngine engine) => this.engine = engine;

    private string Downloads => $"{engine.Root.State}/downloads";

    /// <summary>What each kind takes of the disk.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public IReadOnlyList<StorageUsage> Measure(CancellationToken cancellation)
    {
        Privileges.RequireRoot();
        var containers = engine.Containers.List();
        return [MeasureImages(containers, cancellation), MeasureContainers(containers), MeasureVolumes(containers), MeasureDownloads()];
    }

    private StorageUsage MeasureImages(IReadOnlyList<Container> containers, CancellationToken cancellation)
    {
        var images = Records();
        var usage = new ContentUsage(engine.Images.Content, images, containers.Select(static container => container.Definition), cancellation);
        var ids = images.Select(static image => image.Id).ToHashSet();
        var used = containers.Select(static container => container.ImageId).Where(ids.Contains).ToHashSet();
        var (live, dead) = Leftovers();
        return new StorageUsage
        {
            Kind = StorageKind.Image,
            Count = ids.Count,
            Active = used.Count,
            Size = usage.Total + live + dead,
            Reclaimable = usage.Total - usage.NeededBy(used) + dead,
        };
    }

    private StorageUsage MeasureContainers(IReadOnlyList<Container> containers)
    {
        var sizes = containers.ToDictionary(static container => container, SizeOf);
        return new StorageUsage
        {
            Kind = StorageKind.Container,
            Count = containers.Count,
            Active = containers.Count(IsActive),
            Size = sizes.Values.Sum(),
            Reclaimable = sizes.Where(static container => !IsActive(container.Key)).Sum(static container => container.Value),
        };
    }

    private StorageUsage MeasureVolumes(IReadOnlyList<Container> containers)
    {
        var used = containers.SelectMany(VolumesOf).ToHashSet();
        var sizes = engine.Volumes.List().ToDictionary(static volume => volume.Name, SizeOf);
        return new StorageUsage
        {
            Kind = StorageKind.Volume,
            Count = sizes.Count,
            Active = sizes.Keys.Count(used.Contains),
            Size = sizes.Values.Sum(),
            Reclaimable = sizes.Where(volume => !used.Contains(volume.Key)).Sum(static volume => volume.Value),
        };
    }

    private StorageUsage MeasureDownloads()
    {
        var sizes = DownloadFiles().Select(static path => (Size: TreeSize.Of(path).Allocated, Active: DownloadFile.IsHeld(path))).ToList();
        return new StorageUsage
        {
            Kind = StorageKind.Download,
            Count = sizes.Count,
            Active = sizes.Count(static file => file.Active),
            Size = sizes.Sum(static file => file.Size),
            Reclaimable = sizes.Where(static file => !file.Active).Sum(static file => file.Size),
        };
    }

    /// <summary>Every manifest in the store.</summary>
    private List<ImageRecord> Records() => [.. engine.Images.Catalog.Visible.DistinctBy(static entry => entry.Digest).Select(engine.Images.Catalog.Describe)];

    private string[] DownloadFiles() => Directory.Exists(Downloads) ? Directory.GetFiles(Downloads) : [];

    /// <summary>Bytes of operations that are under way, and of what others left half made or half removed.</summary>
    private (long Live, long Dead) Leftovers()
    {
        var trash = $"{engine.Root.State}/trash";
        var (live, dead) = (0L, Directory.Exists(trash) ? Directory.EnumerateFileSystemEntries(trash).Sum(static path => TreeSize.Of(path).Allocated) : 0L);
        foreach (var staging in engine.Images.Content.StagingPaths())
        {
            if (Content.Staging.IsDead(staging))
            {
                dead += TreeSize.Of(staging).Allocated;
            }
            else
            {
                live += TreeSize.Of(staging).Allocated;
            }
        }

        return (live, dead);
    }

    private long SizeOf(Container container) => TreeSize.Of(engine.Root.ContainerState(container.Id)).Allocated;

    private static long SizeOf(Volume volume) => TreeSize.Of(Path.GetDirectoryName(volume.Path)!).Allocated;

    private static bool IsActive(Container container) => container.State is ContainerState.Running or ContainerState.Suspended or ContainerState.Restarting;

    private static IEnumerable<string> VolumesOf(Container container) =>
        container.Mounts.Where(static mount => mount.Kind == MountKind.Volume).Select(static mount => mount.Source);
}
