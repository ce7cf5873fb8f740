using Can.Engine.Images.Importing;
using Can.Engine.Images.Oci;
using Can.Engine.Storage;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Begins to bring something into the store, after having finished and removed what was cut short before.</summary>
    internal Staging BeginStaging(CancellationToken cancellation)
    {
        CollectGarbage(cancellation);
        return content.Begin(cancellation);
    }

    /// <summary>Begins to take layers into a staging.</summary>
    /// <param name="staging">Gets them.</param>
    /// <param name="maximumSize">Bytes that they may unpack to, together; null for the free space less a reserve.</param>
    /// <param name="cancellation">Stops every one of them.</param>
    internal LayerIngest BeginIngest(Staging staging, long? maximumSize, CancellationToken cancellation) =>
        new(content, catalog, staging, UnpackLimit.Of(maximumSize, Root.State), cancellation);

    /// <summary>
    /// Makes what was staged an image, or several: waits for the disk, publishes blobs and layers, and last the index that leads to
    /// them. Blobs and layers that were in the store already have been pinned.
    /// </summary>
    /// <param name="staging">What was brought in.</param>
    /// <param name="images">Manifests, each with the references that it gets; without any it gets none.</param>
    /// <param name="cancellation">Gives up waiting for the lock.</param>
    internal void Publish(Staging staging, IReadOnlyList<(OciDescriptor Image, IReadOnlyList<string> References)> images, CancellationToken cancellation)
    {
        if (!staging.IsEmpty)
        {
            staging.Sync();
        }

        using (content.Lock(cancellation))
        {
            staging.Publish();
            var descriptors = catalog.All;
            foreach (var (image, references) in images)
            {
                descriptors = IndexEdit.Remove(descriptors, Superseded(descriptors, image, references));
                var dated = image with { Annotations = new Dictionary<string, string> { [Annotations.Created] = IndexEdit.Date(DateTimeOffset.UtcNow) } };
                foreach (var reference in references.DefaultIfEmpty(null))
                {
                    descriptors = IndexEdit.Add(descriptors, dated, reference);
                }
            }

            catalog.Write(descriptors);
        }
    }

    /// <summary>
    /// Other manifests of the same image that are left without a reference: the image has a name by the new one, so nobody would miss
    /// them, and nobody could get rid of them either.
    /// </summary>
    private HashSet<Digest> Superseded(IReadOnlyList<OciDescriptor> descriptors, OciDescriptor image, IReadOnlyList<string> references)
    {
        var id = catalog.Describe(image).Id;
        return [.. descriptors
            .Where(entry => entry.Digest != image.Digest && catalog.TryDescribe(entry)?.Id == id)
            .GroupBy(static entry => entry.Digest)
            .Where(group => group.All(entry => IndexEdit.NameOf(entry) is not { } name || references.Contains(name)))
            .Select(static group => group.Key)];
    }

    /// <summary>Removes what nothing leads to: what killed operations left, and blobs and layers that no image and no container has.</summary>
    internal void CollectGarbage(CancellationToken cancellation)
    {
        IReadOnlyList<string> garbage;
        using (content.Lock(cancellation))
        {
            garbage = TakeGarbage();
        }

        foreach (var path in garbage)
        {
            Tree.Remove(path);
        }

        trash.Empty();
    }

    /// <summary>Takes garbage out of sight; the caller holds the lock.</summary>
    /// <returns>What is then to be removed, which takes a while and needs no lock.</returns>
    private List<string> TakeGarbage()
    {
        try
        {
            var containers = engine.Containers.Definitions().ToList();
            FinishRemovals(containers.Select(static container => container.ImageId).ToHashSet());
            catalog.RemoveStale();
            var images = catalog.All.Select(catalog.Describe).ToList();
            return content.TakeUnreachable(
                images.SelectMany(static image => image.Blobs).ToHashSet(),
                images.SelectMany(static image => image.Layers).Concat(containers.SelectMany(static container => container.Layers)).ToHashSet());
        }
        catch (CanException exception) when (exception.ErrorId == "StoreCorrupt")
        {
            // What a damaged object needs cannot be known, so nothing is garbage until it is repaired or given up.
            return [];
        }
    }

    /// <summary>Finishes removals that were cut short between hiding and removing, or takes them back if a container has come since.</summary>
    private void FinishRemovals(HashSet<string> used)
    {
        var hidden = catalog.All.Where(static entry => entry.Annotation(Annotations.Removing) is not null).ToList();
        if (hidden.Count == 0)
        {
            return;
        }

        var kept = hidden.Where(entry => used.Contains(catalog.Describe(entry).Id)).Select(static entry => entry.Digest).ToHashSet();
        var gone = hidden.Select(static entry => entry.Digest).ToHashSet();
        gone.ExceptWith(kept);
        catalog.Write(IndexEdit.Remove(IndexEdit.Mark(catalog.All, kept, removing: false), gone));
    }
}
