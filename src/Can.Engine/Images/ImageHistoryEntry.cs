namespace Can.Engine.Images;

/// <summary>A step in the making of an image.</summary>
public sealed record ImageHistoryEntry
{
    /// <summary>The image, as it was asked for.</summary>
    public required string Image { get; init; }

    /// <summary>When; null if that is not known.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The command that made the layer; empty if that is not known.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Who did it; empty if that is not known.</summary>
    public required string Author { get; init; }

    /// <summary>What was said about it.</summary>
    public required string Comment { get; init; }

    /// <summary>Bytes of the layer's unpacked files.</summary>
    public required long Size { get; init; }

    /// <summary>Whether it only changed the configuration.</summary>
    public bool EmptyLayer => Layer is null;

    /// <summary>Diff id (64 hexadecimal digits) of the layer that it made; null if it made none.</summary>
    public required string? Layer { get; init; }
}
