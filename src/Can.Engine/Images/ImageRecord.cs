using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images;

/// <summary>What one manifest in the store says, with its configuration and its layers. It never changes.</summary>
internal sealed record ImageRecord
{
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
