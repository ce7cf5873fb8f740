using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>Stages the images of an archive or layout.</summary>
/// <param name="catalog">The images there are.</param>
/// <param name="staging">Gets what is new.</param>
/// <param name="ingest">Takes the layers.</param>
/// <param name="meter">Counts.</param>
/// <param name="stop">Stops it; is also what the ingest is cancelled by, so that one layer's failure ends the others.</param>
internal sealed class ArchiveImport(ImageCatalog catalog, Staging staging, LayerIngest ingest, ImportMeter meter, CancellationTokenSource stop)
{
    /// <summary>Layers that are brought in at once; more would only take the disk from each other.</summary>
    private const int MaximumParallel = 4;

    /// <summary>Finds out what is there and stages it, layers that the store has not at once.</summary>
    /// <param name="files">The archive's or layout's.</param>
    /// <param name="reference">Instead of the references that they have; null to keep those.</param>
    /// <returns>Manifests with their references, in the archive's order.</returns>
    public List<(OciDescriptor Image, IReadOnlyList<string> References)> Run(ImageFiles files, string? reference)
    {
        var images = Plan(files, reference);
        stop.Token.ThrowIfCancellationRequested();
        var known = images.ToDictionary(static image => image, PinWhole);
        var layers = Bring(files, [.. images.Where(image => known[image] is null).SelectMany(static image => image.Layers)]);
        var made = images.Select(image => (Image: known[image] ?? Stage(image, layers), image.References)).ToList();
        if (!files.ReadsLayers)
        {
            DropUnwanted(images, layers.Values, made.Select(static entry => entry.Image.Digest));
        }

        return made;
    }

    /// <summary>What an archive holds: an OCI layout's manifests are kept, so it is preferred where there are both.</summary>
    private static IReadOnlyList<PlannedImage> Plan(ImageFiles files, string? reference)
    {
        var images = files.Has(ArchiveName.Layout) && files.Has(ArchiveName.Index) ? new OciPlan(files).Images()
            : files.Has(ArchiveName.DockerManifest) ? new DockerPlan(files).Images()
            : throw ImageError.Corrupt($"it has neither '{ArchiveName.DockerManifest}' nor '{ArchiveName.Index}' and '{ArchiveName.Layout}', so nothing says which images it holds");
        if (images.Count == 0)
        {
            throw ImageError.Corrupt("it holds no image");
        }

        return reference is null ? images : [Single(images) with { References = [reference] }];
    }

    private static PlannedImage Single(IReadOnlyList<PlannedImage> images) => images.Count == 1 ? images[0] : throw new CanException(
        "ImageNotSingle",
        CanErrorCategory.InvalidArgument,
        $"There are {images.Count} images ({string.Join(", ", images.Select(static image => image.References is [var first, ..] ? first : image.Id.Hex[..12]))}), and one reference is for one image. Leave it out, and give references with Add-CanImageTag.");

    /// <summary>
    /// Pins an image that is in the store whole. One without a manifest of its own is known by its Id, under whatever manifest it has.
    /// </summary>
    private OciDescriptor? PinWhole(PlannedImage image)
    {
        var record = catalog.All
            .Where(entry => image.Manifest is not { } manifest || entry.Digest == manifest.Descriptor.Digest)
            .Select(catalog.TryDescribe)
            .FirstOrDefault(record => record?.Id == image.Id.Hex);
        return record is not null
            && record.Blobs.All(blob => staging.TryPin(blob, stop.Token))
            && record.Layers.All(layer => staging.TryPinLayer(layer, stop.Token))
            ? record.Descriptor
            : null;
    }

    private Dictionary<PlannedLayer, StagedLayer> Bring(ImageFiles files, IReadOnlyList<PlannedLayer> layers)
    {
        // Several images, and one image several times, may have the same layer.
        var jobs = layers.GroupBy(layer => (files.Identity(layer.Name), layer.Expected.Digest, layer.Expected.DiffId)).ToList();
        if (files.ReadsLayers)
        {
            meter.Total = jobs.Sum(job => files.SizeOf(job.Key.Item1));
        }

        var staged = new StagedLayer[jobs.Count];
        var parallel = files.ReadsLayers ? Math.Min(Environment.ProcessorCount, MaximumParallel) : 1;
        ParallelWork.Run(jobs.Count, parallel, stop, i => staged[i] = files.Take(ingest, jobs[i].First().Name, jobs[i].First().Expected with { BytesRead = meter.Add }));
        return jobs.SelectMany((job, i) => job.Distinct().Select(layer => (layer, staged[i]))).ToDictionary(static pair => pair.layer, static pair => pair.Item2);
    }

    /// <summary>From a pipe everything was staged, other platforms' layers included.</summary>
    private void DropUnwanted(IEnumerable<PlannedImage> images, IReadOnlyCollection<StagedLayer> layers, IEnumerable<Digest> manifests) => staging.Keep(
        layers.Select(static layer => layer.Blob.Digest).Concat(images.Select(static image => image.Id)).Concat(manifests).ToHashSet(),
        layers.Select(static layer => layer.DiffId).ToHashSet());

    private OciDescriptor Stage(PlannedImage image, Dictionary<PlannedLayer, StagedLayer> layers)
    {
        var configuration = staging.AddBlob(image.Configuration);
        if (image.Manifest is { } manifest)
        {
            staging.AddBlob(manifest.Bytes);
            return manifest.Descriptor;
        }

        return ImageManifest.Stage(staging, configuration, image.Configuration.Length, [.. image.Layers.Select(layer => layers[layer].Blob)]);
    }
}
