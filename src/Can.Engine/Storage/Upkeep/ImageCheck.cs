using Can.Engine.Images;
using Can.Engine.Images.Oci;

namespace Can.Engine.Storage.Upkeep;

/// <summary>Follows every descriptor of the index to all that an image consists of.</summary>
internal sealed class ImageCheck(ImageService images, BlobCheck blobs)
{
    private readonly List<ImageRecord> whole = [];

    /// <summary>What can be known of images: those whose manifest and configuration can be read.</summary>
    public IReadOnlyList<ImageRecord> Whole => whole;

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<StorageProblem> Problems()
    {
        // One of its own: the service's remembers what it once read.
        var catalog = new ImageCatalog(images.Content);
        IReadOnlyList<OciDescriptor> entries;
        try
        {
            entries = catalog.All;
        }
        catch (CanException error) when (error.ErrorId == "StoreCorrupt")
        {
            return [new StorageProblem(StorageProblemKind.Index, $"{images.Content.Layout}/index.json", error.Message, "Restore it from a backup.")];
        }

        var problems = entries.GroupBy(IndexEdit.NameOf).SelectMany(ReferenceProblems).ToList();
        foreach (var image in entries.GroupBy(static entry => entry.Digest))
        {
            if (FaultOf(catalog, image.First()) is { } fault && Contains(image.Key))
            {
                problems.Add(ImageProblem(image.First(), [.. image.Select(IndexEdit.NameOf).OfType<string>()], fault));
            }
        }

        return problems;
    }

    /// <summary>Whether an image is still there: one that was removed meanwhile lacks everything.</summary>
    private bool Contains(Content.Digest manifest) => new ImageCatalog(images.Content).All.Any(entry => entry.Digest == manifest);

    private IEnumerable<StorageProblem> ReferenceProblems(IGrouping<string?, OciDescriptor> entries)
    {
        if (entries.Key is not { } name)
        {
            yield break;
        }

        var fault = ImageReference.TryParse(name)?.ToString() != name ? "is not a reference as it should be written"
            : entries.Count() > 1 ? $"is the reference of {entries.Count()} images"
            : null;
        if (fault is not null)
        {
            yield return new StorageProblem(
                StorageProblemKind.Index, $"{images.Content.Layout}/index.json", $"'{name}' {fault}.", "Give the images other references: Add-CanImageTag -Id.")
            {
                RepairAction = $"Take the reference '{name}' away",
                Repairing = cancellation => images.Edit(descriptors => IndexEdit.Release(descriptors, released => released == name), cancellation),
            };
        }
    }

    /// <summary>What an image lacks; null if nothing.</summary>
    private string? FaultOf(ImageCatalog catalog, OciDescriptor entry)
    {
        if (blobs.Fault(entry.Digest, entry.Size) is { } fault)
        {
            return $"its manifest {entry.Digest} {fault}";
        }

        ImageRecord record;
        try
        {
            record = catalog.Describe(entry);
        }
        catch (CanException error) when (error.ErrorId == "StoreCorrupt")
        {
            return $"it cannot be understood: {error.Message}";
        }

        whole.Add(record);
        if (record.Manifest.Layers.Count != record.Layers.Count)
        {
            return $"its manifest has {record.Manifest.Layers.Count} layers and its configuration {record.Layers.Count}";
        }

        return record.Manifest.Layers.Append(record.Manifest.Config)
            .Select(part => blobs.Fault(part.Digest, part.Size) is { } missing ? $"its blob {part.Digest} {missing}" : null)
            .FirstOrDefault(static missing => missing is not null);
    }

    private StorageProblem ImageProblem(OciDescriptor entry, IReadOnlyList<string> names, string fault) => new(
        StorageProblemKind.Image,
        images.Content.Blobs.PathOf(entry.Digest),
        $"The image {(names.Count > 0 ? string.Join(", ", names) : entry.Digest.ToString())} is not whole: {fault}.",
        "Import or receive it anew, after Test-CanStorage -Repair.")
    {
        RepairAction = "Remove the image",
        Repairing = cancellation =>
        {
            images.Edit(descriptors => IndexEdit.Remove(descriptors, new HashSet<Content.Digest> { entry.Digest }), cancellation);
            images.CollectGarbage(cancellation);
        },
    };
}
