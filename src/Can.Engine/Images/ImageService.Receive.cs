using Can.Engine.Images.Oci;
using Can.Engine.Images.Registries;
using Can.Engine.Images.Registries.Protocol;
using Can.Engine.Images.Registries.Transfer;
using Can.Engine.Kernel;

namespace Can.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Receives an image from its registry: if there are several, the one for this machine or the wanted platform. What the store has is not transferred.</summary>
    /// <param name="reference">The image, such as <c>busybox</c>, <c>localhost:5000/team/app:1.2</c> or one by digest.</param>
    /// <param name="options">How the registry is spoken to.</param>
    /// <param name="maximumSize">Bytes that its layers may unpack to, together; null for the free space less a reserve.</param>
    /// <param name="progress">Shows at any time how far it is; may be null.</param>
    /// <param name="cancellation">Stops at once. Layers, or parts of layers, that have come are kept for the next attempt.</param>
    /// <returns>The image, which has the reference now.</returns>
    /// <exception cref="CanException"><c>ReferenceInvalid</c>, <c>RegistryUnreachable</c>, <c>TlsFailed</c>, <c>RegistryUnauthorized</c>,
    /// <c>RegistryTooManyRequests</c>, <c>RegistryError</c>, <c>ManifestUnknown</c>, <c>ManifestTooLarge</c>, <c>ManifestUnsupported</c>,
    /// <c>PlatformInvalid</c>, <c>PlatformNotFound</c>, <c>BlobUnknown</c>, <c>BlobTruncated</c>, <c>DigestMismatch</c>, and those of an import.</exception>
    public Image Receive(string reference, RegistryOptions options, long? maximumSize, TransferProgress? progress, CancellationToken cancellation)
    {
        Privileges.RequireRoot();
        var parsed = ImageReference.Parse(reference);
        var platform = options.Platform is { } wanted ? HostPlatform.Parse(wanted) : null;
        ReceiveAsync().GetAwaiter().GetResult();
        return Get(parsed.ToString());

        async Task ReceiveAsync()
        {
            using var client = await engine.Registries.OpenAsync(new RegistryHost(parsed.Registry), parsed.Repository, options, cancellation).ConfigureAwait(false);
            var receiver = new ImageReceiver(this, client, parsed, platform, progress ?? new TransferProgress(), maximumSize);
            await receiver.ReceiveAsync(cancellation).ConfigureAwait(false);
        }
    }
}
