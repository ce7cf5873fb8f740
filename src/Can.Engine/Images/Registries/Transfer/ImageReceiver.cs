using System.Collections.Concurrent;
using System.Text.Json;
using Can.Engine.Images.Oci;
using Can.Engine.Images.Registries.Protocol;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Registries.Transfer;

/// <summary>Brings one image from a registry into the store, as it is there, byte for byte; what the store has is not brought.</summary>
/// <param name="images">The store.</param>
/// <param name="client">The registry.</param>
/// <param name="reference">What the image is called there.</param>
/// <param name="platform">The platform that it has to be for; null for this machine's.</param>
/// <param name="progress">Told how far it is.</param>
/// <param name="maximumSize">Bytes that its layers may unpack to.</param>
internal sealed class ImageReceiver(
    ImageService images, RegistryClient client, ImageReference reference, OciPlatform? platform, TransferProgress progress, long? maximumSize)
{
    private const int ParallelLayers = 3;
    private const int DeepestIndex = 3;

    private string Downloads => $"{images.Root.State}/downloads";

    /// <summary>Brings the image, and gives it the reference.</summary>
    public async Task ReceiveAsync(CancellationToken cancellation)
    {
        var (received, descriptor) = await FindManifestAsync(cancellation).ConfigureAwait(false);
        var manifest = Parse(received.Bytes, OciReader.Manifest, "a manifest");
        RequireImage(manifest);
        using var staging = images.BeginStaging(cancellation);
        var diffIds = await ReceiveConfigurationAsync(staging, manifest, cancellation).ConfigureAwait(false);
        var finished = await ReceiveLayersAsync(staging, manifest.Layers, diffIds, cancellation).ConfigureAwait(false);
        staging.AddBlob(received.Bytes);
        images.Publish(staging, [(descriptor, [reference.ToString()])], cancellation);
        finished.ForEach(static path => File.Delete(path));
    }

    /// <summary>The manifest for this machine, through an index if need be.</summary>
    private async Task<(ReceivedManifest Manifest, OciDescriptor Descriptor)> FindManifestAsync(CancellationToken cancellation)
    {
        var wanted = reference;
        for (var depth = 0; depth < DeepestIndex; depth++)
        {
            var received = await client.ReadManifestAsync(wanted, cancellation).ConfigureAwait(false);
            var type = ManifestType.Of(received) ?? throw Unsupported($"is of the type '{received.ContentType}'");
            if (MediaTypes.IsManifest(type))
            {
                return (received, new OciDescriptor { MediaType = type, Digest = received.Digest, Size = received.Bytes.Length });
            }

            var index = Parse(received.Bytes, OciReader.Index, "an index");
            var chosen = HostPlatform.Choose(index.Manifests, platform) ?? throw NotThere(HostPlatform.Describe(index.Manifests));
            wanted = reference.WithDigest(chosen.Digest);
        }

        throw Unsupported("leads from index to index");
    }

    private CanException NotThere(string platforms) => new(
        "PlatformNotFound",
        CanErrorCategory.ObjectNotFound,
        $"The image '{reference}' is not there for {(platform is null ? $"this machine ({HostPlatform.Name})" : HostPlatform.Text(platform))}. It is there for: {platforms}.",
        reference.ToString());

    private async Task<IReadOnlyList<Digest>> ReceiveConfigurationAsync(Staging staging, OciManifest manifest, CancellationToken cancellation)
    {
        var bytes = staging.TryPin(manifest.Config.Digest, cancellation)
            ? images.Content.Blobs.Read(manifest.Config.Digest, OciImage.Limit)
            : await client.ReadBlobAsync(reference.Repository, manifest.Config, OciImage.Limit, cancellation).ConfigureAwait(false);
        var image = Parse(bytes, OciReader.Image, "a configuration");
        var actual = new OciPlatform { Os = image.Os, Architecture = image.Architecture, Variant = image.Variant };
        if (platform is not null && !HostPlatform.IsFor(platform with { Variant = null }, actual))
        {
            throw NotThere(HostPlatform.Text(actual));
        }

        var diffIds = image.Rootfs.DiffIds;
        if (diffIds.Count != manifest.Layers.Count)
        {
            throw RegistryError.Failed(client.Host, $"has '{reference}' with {manifest.Layers.Count} layers in its manifest and {diffIds.Count} in its configuration");
        }

        staging.AddBlob(bytes);
        return diffIds;
    }

    /// <returns>Files with what was downloaded, which nobody needs once the image is published.</returns>
    private async Task<List<string>> ReceiveLayersAsync(
        Staging staging, IReadOnlyList<OciDescriptor> layers, IReadOnlyList<Digest> diffIds, CancellationToken cancellation)
    {
        var wanted = layers.Zip(diffIds).DistinctBy(static layer => (layer.First.Digest, layer.Second)).ToList();
        var transfers = progress.Begin(wanted.Select(static layer => (layer.First.Digest.ToString(), layer.First.Size)));
        var receiver = new LayerReceiver(images, client, reference.Repository, staging, maximumSize);
        var finished = new ConcurrentBag<string>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelLayers, CancellationToken = cancellation };
        await Parallel.ForEachAsync(wanted.Zip(transfers), parallel, async (work, stop) =>
        {
            var ((layer, diffId), transfer) = work;
            if (await receiver.ReceiveAsync(layer, diffId, transfer, stop).ConfigureAwait(false) is { } path)
            {
                finished.Add(path);
            }
        }).ConfigureAwait(false);
        return [.. finished];
    }

    private void RequireImage(OciManifest manifest)
    {
        if (manifest.Config.MediaType is not (null or MediaTypes.OciConfiguration or MediaTypes.DockerConfiguration))
        {
            throw Unsupported($"is no image but an artifact ('{manifest.Config.MediaType}')");
        }

        if (manifest.Layers.FirstOrDefault(static layer => layer.Size < 0) is { } odd)
        {
            throw RegistryError.Failed(client.Host, $"has '{reference}' with a layer of {odd.Size} bytes");
        }
    }

    private T Parse<T>(byte[] bytes, Func<ReadOnlyMemory<byte>, T> read, string what)
    {
        try
        {
            return read(bytes);
        }
        catch (JsonException exception)
        {
            throw RegistryError.Failed(client.Host, $"has {what} of '{reference}' that cannot be understood: {RegistryError.Clean(exception.Message)}", exception);
        }
    }

    private CanException Unsupported(string why) => new(
        "ManifestUnsupported",
        CanErrorCategory.InvalidData,
        $"What the registry {client.Host} has as '{reference}' {why}. Can receives images with OCI or Docker (version 2, schema 2) manifests.",
        reference.ToString());
}
