using System.Collections.Concurrent;
using Can.Engine.Containers;
using Can.Engine.Images;
using Can.Engine.Storage.Content;

namespace Can.Engine.Storage.Upkeep;

/// <summary>What blobs and layers take of the disk, and who needs them.</summary>
internal sealed class ContentUsage
{
    private readonly Dictionary<Digest, long> blobs;
    private readonly ConcurrentDictionary<string, long> layers = [];
    private readonly IReadOnlyList<ImageRecord> images;
    private readonly HashSet<string> containerLayers;

    /// <param name="content">The store.</param>
    /// <param name="images">Every manifest.</param>
    /// <param name="containers">Every container.</param>
    /// <param name="cancellation">Stops measuring.</param>
    public ContentUsage(ContentStore content, IReadOnlyList<ImageRecord> images, IEnumerable<ContainerDefinition> containers, CancellationToken cancellation)
    {
        this.images = images;
        containerLayers = [.. containers.SelectMany(static container => container.Layers)];
        blobs = content.Blobs.List().ToDictionary(static digest => digest, digest => TreeSize.Of(content.Blobs.PathOf(digest)).Allocated);
        Parallel.ForEach(
            content.Layers.List(),
            new ParallelOptions { CancellationToken = cancellation },
            layer => layers[layer] = TreeSize.Of(content.Layers.PathOf(layer)).Allocated);
    }

    /// <summary>Bytes of everything.</summary>
    public long Total => blobs.Values.Sum() + layers.Values.Sum();

    /// <summary>Bytes that these images, and the containers, need.</summary>
    /// <param name="ids">Ids of images.</param>
    public long NeededBy(IReadOnlySet<string> ids)
    {
        var kept = images.Where(image => ids.Contains(image.Id)).ToList();
        return kept.SelectMany(static image => image.Blobs).Distinct().Sum(digest => blobs.GetValueOrDefault(digest))
            + kept.SelectMany(static image => image.Layers).Concat(containerLayers).Distinct().Sum(layer => layers.GetValueOrDefault(layer));
    }

    /// <summary>Bytes that nothing needs.</summary>
    public long Unneeded => Total - NeededBy(images.Select(static image => image.Id).ToHashSet());
}
