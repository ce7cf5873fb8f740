using Can.Engine.Images.Oci;
using Can.Engine.Images.Registries.Protocol;

namespace Can.Engine.Images.Registries.Transfer;

/// <summary>Sends one image of the store to a registry, byte for byte, so that all its digests stay. What the registry has is not sent.</summary>
internal sealed class ImageSender(ImageService images, RegistryClient client, ImageReference destination, TransferProgress progress)
{
    private const int ParallelBlobs = 3;

    /// <summary>Sends the image: its blobs, and when they are all there its manifest.</summary>
    public async Task<SentImage> SendAsync(ImageRecord image, CancellationToken cancellation)
    {
        using var pins = images.Content.Begin(cancellation);
        foreach (var digest in image.Blobs.Where(digest => !pins.TryPin(digest, cancellation)))
        {
            throw images.Content.Blobs.Corrupt(digest, "is missing");
        }

        var manifest = images.Content.Blobs.Read(image.Descriptor.Digest, OciManifest.Limit);
        var blobs = image.Manifest.Layers.Append(image.Manifest.Config).DistinctBy(static blob => blob.Digest).ToList();
        var outcomes = new BlobOutcome[blobs.Count];
        var transfers = progress.Begin(blobs.Select(static blob => (blob.Digest.ToString(), blob.Size)));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelBlobs, CancellationToken = cancellation };
        await Parallel.ForAsync(0, blobs.Count, parallel, async (index, stop) =>
            outcomes[index] = await SendBlobAsync(blobs[index], transfers[index], stop).ConfigureAwait(false)).ConfigureAwait(false);
        var type = image.Manifest.MediaType ?? image.Descriptor.MediaType ?? MediaTypes.OciManifest;
        await client.WriteManifestAsync(destination, manifest, image.Descriptor.Digest, type, cancellation).ConfigureAwait(false);
        return new SentImage
        {
            Reference = destination.ToString(),
            Digest = image.Descriptor.Digest.ToString(),
            Id = image.Id,
            Size = blobs.Sum(static blob => blob.Size) + manifest.Length,
            Uploaded = Sum(BlobOutcome.Uploaded),
            Mounted = Sum(BlobOutcome.Mounted),
            Present = Sum(BlobOutcome.Present),
        };

        long Sum(BlobOutcome wanted) => blobs.Where((_, index) => outcomes[index] == wanted).Sum(static blob => blob.Size);
    }

    private async Task<BlobOutcome> SendBlobAsync(OciDescriptor blob, BlobTransfer transfer, CancellationToken cancellation)
    {
        transfer.State = BlobTransferState.Transferring;
        var path = images.Content.Blobs.PathOf(blob.Digest);
        var outcome = await client.SendBlobAsync(destination.Repository, blob, path, SourceOf(blob), transfer, cancellation).ConfigureAwait(false);
        transfer.State = outcome == BlobOutcome.Uploaded ? BlobTransferState.Done : BlobTransferState.Present;
        return outcome;
    }

    /// <summary>
    /// Another repository of the same registry that may have a blob: one of an image in the store with that blob. If it was never sent
    /// there, the registry says so and takes the blob by upload.
    /// </summary>
    private string? SourceOf(OciDescriptor blob) => images.Catalog.Visible
        .Select(static entry => (Entry: entry, Reference: IndexEdit.NameOf(entry) is { } name ? ImageReference.TryParse(name) : null))
        .Where(item => item.Reference is { } reference && reference.Registry == destination.Registry && reference.Repository != destination.Repository)
        .FirstOrDefault(item => images.Catalog.Describe(item.Entry).Blobs.Contains(blob.Digest))
        .Reference?.Repository;
}
