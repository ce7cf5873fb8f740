using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images;

/// <summary>What one manifest in the store says, with its configuration and its layers. It never changes.</summary>
internal sealed record ImageRecord
{
    /// <summary>
    /// Stands for an image that is still to be received, where the rest of a container is checked: it has all that a container may
    /// take from its image, so that nothing is missed but what the image itself may turn out to lack.
    /// </summary>
    public static ImageRecord ToCome { get; } = new()
    {
        Id = new string('0', 64),
        Descriptor = new() { Digest = Digest.Of([]), Size = 0 },
        Manifest = new() { SchemaVersion = 2, Config = new() { Digest = Digest.Of([]), Size = 0 }, Layers = [] },
        Image = new() { Rootfs = new() { Type = "layers", DiffIds = [] } },
        Layers = [new string('0', 64)],
        Configuration = new() { Command = ["/"], HealthCheck = new() { Test = ["CMD", "/"] } },
    };

    /// <summary>SHA-256 of the configuration: 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The manifest.</summary>
    public required OciDescriptor Descriptor { get; init; }

    /// <inheritdoc cref="Descriptor"/>
    public required OciManifest Manifest { get; init; }

    /// <summary>The configuration.</summary>
    public required OciImage Image { get; init; }

    /// <summary>Diff ids (64 hexadecimal digits), lowest first.</summary>
    public required IReadOnlyList<string> Layers { get; init; }

    /// <summary>What a container gets from it.</summary>
    public required ImageConfiguration Configuration { get; init; }

    /// <summary>All blobs that the image consists of, its manifest's included.</summary>
    public IEnumerable<Digest> Blobs => Manifest.Layers.Select(static layer => layer.Digest).Append(Manifest.Config.Digest).Append(Descriptor.Digest);
}
