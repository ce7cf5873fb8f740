namespace Can.Engine.Containers;

/// <summary>How files are copied between the host and a container.</summary>
public sealed record CopyOptions
{
    /// <summary>A source that is a link is copied as what it leads to.</summary>
    public bool FollowLinks { get; init; }

    /// <summary>
    /// Owners, set-id bits, extended attributes and devices are copied too. Otherwise files belong to root afterwards, on either side.
    /// </summary>
    public bool Archive { get; init; }

    /// <summary>A directory takes the place of a file, and a file that of a directory.</summary>
    public bool Force { get; init; }
}
