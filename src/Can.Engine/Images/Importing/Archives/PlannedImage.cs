using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>An image that an archive or layout holds.</summary>
internal sealed record PlannedImage
{
    /// <summary>Its manifest, kept byte for byte; null if it has none and one is to be made.</summary>
    public (OciDescriptor Descriptor, byte[] Bytes)? Manifest { get; init; }

    /// <summary>Its configuration, kept byte for byte.</summary>
    public required byte[] Configuration { get; init; }

    /// <summary>Its layers, lowest first.</summary>
    public required IReadOnlyList<PlannedLayer> Layers { get; init; }

    /// <summary>Its references, as the index has them; may be empty.</summary>
    public required IReadOnlyList<string> References { get; init; }

    /// <summary>The configuration's digest, which is the image's Id.</summary>
    public Digest Id => Digest.Of(Configuration);
}

/// <summary>A layer of an image in an archive.</summary>
/// <param name="Name">Its file.</param>
/// <param name="Expected">What the manifest and the configuration say of it.</param>
internal sealed record PlannedLayer(string Name, LayerExpectation Expected);
