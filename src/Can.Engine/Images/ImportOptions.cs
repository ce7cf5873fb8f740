namespace Can.Engine.Images;

/// <summary>How something is imported.</summary>
public sealed record ImportOptions
{
    /// <summary>Reference for the one image that there is, instead of those that the archive gives it; taken over from an image that has it.</summary>
    public string? Reference { get; init; }

    /// <summary>Defaults for the containers of a bare root file system; null for a shell without an entrypoint. Images in archives have their own.</summary>
    public ImageConfiguration? Configuration { get; init; }

    /// <summary>Bytes that it may unpack to; null for the store's free space less a reserve.</summary>
    public long? MaximumSize { get; init; }
}
