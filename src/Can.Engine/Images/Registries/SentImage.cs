namespace Can.Engine.Images.Registries;

/// <summary>An image as it is in a registry after it was sent there.</summary>
public sealed record SentImage
{
    /// <summary>Where it is, such as <c>localhost:5000/team/app:1.2</c>.</summary>
    public required string Reference { get; init; }

    /// <summary>Its manifest's digest, the same as in the store: <c>sha256:HEX</c>.</summary>
    public required string Digest { get; init; }

    /// <summary>The image's Id.</summary>
    public required string Id { get; init; }

    /// <summary>Bytes of all its blobs.</summary>
    public required long Size { get; init; }

    /// <summary>Bytes that were uploaded.</summary>
    public required long Uploaded { get; init; }

    /// <summary>Bytes that the registry took from another of its repositories.</summary>
    public required long Mounted { get; init; }

    /// <summary>Bytes that were there.</summary>
    public required long Present { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Reference}@{Digest}";
}
