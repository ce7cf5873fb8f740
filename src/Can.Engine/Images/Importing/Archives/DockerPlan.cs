using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>The images of a docker-archive: what docker save, podman save and others write, with or without links between layers.</summary>
/// <remarks>https://github.com/moby/docker-image-spec/blob/main/v1.3.md#combined-image-json--filesystem-changeset-format</remarks>
internal sealed class DockerPlan(ImageFiles files)
{
    /// <summary>What manifest.json lists.</summary>
    /// <exception cref="CanException"><c>ImageCorrupt</c> and the like.</exception>
    public IReadOnlyList<PlannedImage> Images() =>
        [.. ArchiveJson.DockerImages(files.Read(ArchiveName.DockerManifest, OciManifest.Limit)).Select(Image)];

    private PlannedImage Image(DockerImage listed)
    {
        var configuration = Configuration(listed.Config);
        var image = ArchiveJson.Configuration(configuration, listed.Config);
        var layers = listed.Layers ?? [];
        if (image.Rootfs.DiffIds.Count != layers.Count)
        {
            throw ImageError.Corrupt($"its '{ArchiveName.DockerManifest}' lists {layers.Count} layers, and '{listed.Config}' {image.Rootfs.DiffIds.Count}");
        }

        return new PlannedImage
        {
            Configuration = configuration,
            Layers = [.. layers.Zip(image.Rootfs.DiffIds, Layer)],
            References = ArchiveReferences.Of(listed.RepoTags ?? []),
        };
    }

    /// <summary>Its name is its digest, as everybody writes it; if so that is checked.</summary>
    private byte[] Configuration(string name)
    {
        var bytes = files.Read(Normal(name), OciImage.Limit);
        var hex = name[(name.LastIndexOfAny(['/', ':']) + 1)..];
        hex = hex.EndsWith(".json", StringComparison.Ordinal) ? hex[..^".json".Length] : hex;
        return !Digest.IsHex(hex) || Digest.Of(bytes) is var found && found.Hex == hex
            ? bytes
            : throw BlobError.Digest(new LayerExpectation { Name = name, Digest = new Digest(hex) }, Digest.Of(bytes), null);
    }

    /// <summary>A layer that is not compressed has its diff id for its digest. For xz there is no media type.</summary>
    private PlannedLayer Layer(string name, Digest diffId)
    {
        var file = Normal(name);
        var compression = files.CompressionOf(file);
        return new PlannedLayer(file, new LayerExpectation
        {
            Name = name,
            DiffId = diffId.Hex,
            Digest = files.ReadsLayers && compression == Compression.None ? diffId : null,
            Size = files.ReadsLayers ? files.SizeOf(file) : null,
            Uncompressed = compression == Compression.Xz,
        });
    }

    private static string Normal(string name) => ArchiveName.Target("", System.Text.Encoding.UTF8.GetBytes(name)) ?? name;
}
