using Can.Engine.Images;
using Can.Engine.Storage.Content;

namespace Can.Engine.Storage.Upkeep;

/// <summary>Looks whether the layers that images need are unpacked, and as they were when they were unpacked.</summary>
internal sealed class LayerCheck(CanEngine engine, BlobCheck blobs, bool deep, CancellationToken cancellation)
{
    private readonly ContentStore content = engine.Images.Content;

    /// <summary>What is wrong with the layers of these images.</summary>
    public IEnumerable<StorageProblem> Problems(IReadOnlyList<ImageRecord> images)
    {
        var needed = images
            .SelectMany(static image => image.Layers.Zip(image.Manifest.Layers, static (diffId, blob) => (DiffId: diffId, Blob: blob.Digest)))
            .DistinctBy(static layer => layer.DiffId);
        foreach (var (diffId, blob) in needed)
        {
            cancellation.ThrowIfCancellationRequested();
            if (FaultOf(diffId, blob) is { } fault && IsNeeded(diffId, images))
            {
                yield return ProblemOf(diffId, blob, fault);
            }
        }
    }

    /// <summary>Whether one of the images is still there: what was removed meanwhile lacks everything.</summary>
    private bool IsNeeded(string diffId, IReadOnlyList<ImageRecord> images)
    {
        var now = new ImageCatalog(content).All.Select(static entry => entry.Digest).ToHashSet();
        return images.Any(image => image.Layers.Contains(diffId) && now.Contains(image.Descriptor.Digest));
    }

    /// <summary>What is wrong with an unpacked layer; null if nothing is.</summary>
    private string? FaultOf(string diffId, Digest blob)
    {
        if (!Directory.Exists(content.Layers.RootOf(diffId)))
        {
            return "The unpacked layer is missing.";
        }

        LayerRecord? record;
        try
        {
            record = content.Layers.TryRead(diffId);
        }
        catch (CanException error) when (error.ErrorId == "StoreCorrupt")
        {
            return error.Message;
        }

        if (record is null)
        {
            return $"Its {LayerStore.RecordFile} is missing.";
        }

        // A number that differs proves nothing: an archive may name a file twice, or not name a directory. The archive itself does.
        return (deep || !Fits(record, diffId)) && blobs.IsWhole(blob) ? LayerMending.Difference(engine, diffId, blob, cancellation) : null;
    }

    private bool Fits(LayerRecord record, string diffId)
    {
        var size = TreeSize.Of(content.Layers.RootOf(diffId));
        return size.FileBytes == record.Size && (size.Names == record.Entries || size.Names == record.Entries - 1);
    }

    private StorageProblem ProblemOf(string diffId, Digest blob, string fault)
    {
        var canUnpack = blobs.IsWhole(blob);
        return new StorageProblem(
            StorageProblemKind.Layer,
            content.Layers.PathOf(diffId),
            fault,
            canUnpack ? "Test-CanStorage -Repair unpacks it once more." : "Import or receive the images that need it anew, after Test-CanStorage -Repair.")
        {
            RepairAction = canUnpack ? "Unpack the layer once more" : "",
            Repairing = canUnpack ? stopped => LayerMending.Unpack(engine, diffId, blob, stopped) : null,
        };
    }
}
