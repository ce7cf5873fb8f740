using Can.Engine.Containers;
using Can.Engine.Images.Registries.Transfer;
using Can.Engine.Kernel;

namespace Can.Engine.Storage.Upkeep;

public sealed partial class StorageService
{
    private const string LeftoversName = "leftovers of interrupted operations";

    /// <summary>
    /// What nobody needs: containers that do not run; images without reference (or all) that no container has; anonymous volumes (or
    /// all) that no container has; downloads that nobody continues right now.
    /// </summary>
    /// <param name="kind">Of which kind.</param>
    /// <param name="all">Images that have references and volumes that have a name count too.</param>
    /// <param name="gone">Ids of containers to look at the store as if they had gone already.</param>
    /// <param name="cancellation">Stops measuring.</param>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public IReadOnlyList<StorageItem> FindUnused(StorageKind kind, bool all, IReadOnlySet<string> gone, CancellationToken cancellation)
    {
        Privileges.RequireRoot();
        var containers = engine.Containers.List();
        return kind switch
        {
            StorageKind.Container => UnusedContainers(containers),
            StorageKind.Image => UnusedImages([.. containers.Where(container => !gone.Contains(container.Id))], all, cancellation),
            StorageKind.Volume => UnusedVolumes(containers, gone, all),
            _ => [.. DownloadFiles().Where(static path => !DownloadFile.IsHeld(path)).Select(DownloadOf)],
        };
    }

    /// <summary>Removes what <see cref="FindUnused"/> has found, unless somebody has come to need it since.</summary>
    /// <exception cref="CanException"><c>ImageInUse</c>, <c>ContainerRunning</c>, <c>VolumeInUse</c> and the like</exception>
    public void Remove(StorageItem item, CancellationToken cancellation)
    {
        Privileges.RequireRoot();
        ArgumentNullException.ThrowIfNull(item);
        switch (item.Kind)
        {
            case StorageKind.Container:
                engine.Containers.Remove(item.Id, force: false, cancellation);
                break;
            case StorageKind.Image when item.Name == LeftoversName:
                engine.Images.CollectGarbage(cancellation);
                break;
            case StorageKind.Image:
                engine.Images.Remove(item.Id, force: true);
                break;
            case StorageKind.Volume:
                engine.Volumes.Remove(item.Id);
                break;
            default:
                DownloadFile.TryRemove($"{Downloads}/{item.Id}");
                break;
        }
    }

    private List<StorageItem> UnusedContainers(IReadOnlyList<Container> containers)
    {
        // A container takes its anonymous volumes along.
        var volumes = engine.Volumes.List().Where(static volume => volume.Anonymous).ToDictionary(static volume => volume.Name);
        return
        [
            .. containers.Where(static container => !IsActive(container)).Select(container => new StorageItem
            {
                Kind = StorageKind.Container,
                Name = container.Name,
                Id = container.Id,
                Size = SizeOf(container) + VolumesOf(container).Where(volumes.ContainsKey).Sum(name => SizeOf(volumes[name])),
            }),
        ];
    }

    private List<StorageItem> UnusedImages(IReadOnlyList<Container> containers, bool all, CancellationToken cancellation)
    {
        var used = containers.Select(static container => container.ImageId).ToHashSet();
        var images = engine.Images.List();
        var usage = new ContentUsage(engine.Images.Content, Records(), containers.Select(static container => container.Definition), cancellation);
        var kept = images.Select(static image => image.Id).ToHashSet();
        var items = new List<StorageItem>();
        foreach (var image in images.Where(image => !used.Contains(image.Id) && (all || image.References.Count == 0)))
        {
            var before = usage.NeededBy(kept);
            kept.Remove(image.Id);
            items.Add(new StorageItem { Kind = StorageKind.Image, Name = image.ToString(), Id = image.Id, Size = before - usage.NeededBy(kept) });
        }

        if (usage.Unneeded + Leftovers().Dead is > 0 and var size)
        {
            items.Add(new StorageItem { Kind = StorageKind.Image, Name = LeftoversName, Id = "", Size = size });
        }

        return items;
    }

    private List<StorageItem> UnusedVolumes(IReadOnlyList<Container> containers, IReadOnlySet<string> gone, bool all)
    {
        var used = containers.Where(container => !gone.Contains(container.Id)).SelectMany(VolumesOf).ToHashSet();
        var going = containers.Where(container => gone.Contains(container.Id)).SelectMany(VolumesOf).ToHashSet();
        return
        [
            .. engine.Volumes.List()
                .Where(volume => !used.Contains(volume.Name) && (volume.Anonymous ? !going.Contains(volume.Name) : all))
                .Select(static volume => new StorageItem { Kind = StorageKind.Volume, Name = volume.Name, Id = volume.Name, Size = SizeOf(volume) }),
        ];
    }

    private static StorageItem DownloadOf(string path) => new()
    {
        Kind = StorageKind.Download,
        Name = Path.GetFileName(path),
        Id = Path.GetFileName(path),
        Size = TreeSize.Of(path).Allocated,
    };
}
