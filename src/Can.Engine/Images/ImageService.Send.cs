using Can.Engine.Images.Registries;
using Can.Engine.Images.Registries.Protocol;
using Can.Engine.Images.Registries.Transfer;

namespace Can.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Sends an image to a registry, byte for byte, so that its digests stay. What the registry has is not transferred.</summary>
    /// <param name="reference">Reference or Id of the image in the store.</param>
    /// <param name="destination">Where to; null for where the reference says.</param>
    /// <param name="options">How the registry is spoken to.</param>
    /// <param name="progress">Shows at any time how far it is; may be null.</param>
    /// <param name="cancellation">Stops at once. Blobs that have been sent are there for the next attempt.</param>
    /// <exception cref="CanException"><c>ImageNotFound</c>, <c>DestinationMissing</c>, <c>ReferenceInvalid</c>, and those of a registry.</exception>
    public SentImage Send(string reference, string? destination, RegistryOptions options, TransferProgress? progress, CancellationToken cancellation)
    {
        var image = Find(reference, out var name);
        var target = ImageReference.Parse(destination ?? name ?? OnlyReferenceOf(image, reference));
        return SendAsync().GetAwaiter().GetResult();

        async Task<SentImage> SendAsync()
        {
            using var client = await engine.Registries.OpenAsync(new RegistryHost(target.Registry), target.Repository, options, cancellation).ConfigureAwait(false);
            var sender = new ImageSender(this, client, target, progress ?? new TransferProgress());
            return await sender.SendAsync(image, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Which registry an image is for is never guessed.</summary>
    private string OnlyReferenceOf(ImageRecord image, string given)
    {
        var names = References(image.Id);
        return names.Count == 1 ? names[0] : throw new CanException(
            "DestinationMissing",
            CanErrorCategory.InvalidArgument,
            names.Count == 0
                ? $"The image {image.Id[..12]} has no reference that would say where to send it. Give -Destination."
                : $"The image {image.Id[..12]} has several references: {string.Join(", ", names)}. Send it by one of them, or give -Destination.",
            given);
    }

    private List<string> References(string id) =>
        [.. catalog.Visible.Where(entry => catalog.Describe(entry).Id == id).Select(IndexEdit.NameOf).OfType<string>().Order(StringComparer.Ordinal)];
}
