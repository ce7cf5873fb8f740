namespace Can.Engine.Images;

/// <summary>An image as it is kept in image.json. Its references are kept by name only, in the table of names.</summary>
internal sealed record ImageRecord
{
    /// <summary>64 hexadecimal digits: SHA-256 of config.json beside it.</summary>
    public required string Id { get; init; }

    /// <summary>When it came into this store.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Bytes of its layers' regular files.</summary>
    public required long Size { get; init; }

    /// <summary>Diff ids, lowest first.</summary>
    public required IReadOnlyList<string> Layers { get; init; }

    /// <summary>What a container gets from it.</summary>
    public required ImageConfiguration Configuration { get; init; }
}
