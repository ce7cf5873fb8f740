namespace Can.Engine.Storage.Upkeep;

/// <summary>What takes room in the store.</summary>
public enum StorageKind
{
    /// <summary>Images with their layers, and what interrupted operations left of such.</summary>
    Image,

    /// <summary>Containers: their writable layers and logs.</summary>
    Container,

    /// <summary>Volumes.</summary>
    Volume,

    /// <summary>Layers that interrupted downloads left, to be continued.</summary>
    Download,
}

/// <summary>What one kind takes of the disk.</summary>
public sealed record StorageUsage
{
    /// <summary>The kind.</summary>
    public required StorageKind Kind { get; init; }

    /// <summary>How many there are.</summary>
    public required int Count { get; init; }

    /// <summary>How many are in use: images that containers have, containers that run, volumes that containers have, downloads under way.</summary>
    public required int Active { get; init; }

    /// <summary>Bytes on the disk.</summary>
    public required long Size { get; init; }

    /// <summary>Bytes that removing all that is not in use would free.</summary>
    public required long Reclaimable { get; init; }
}

/// <summary>Something that can be, or has been, cleared away.</summary>
public sealed record StorageItem
{
    /// <summary>Its kind.</summary>
    public required StorageKind Kind { get; init; }

    /// <summary>Its name; for an image without a reference the beginning of its Id.</summary>
    public required string Name { get; init; }

    /// <summary>Id of an image or container, else its name.</summary>
    public required string Id { get; init; }

    /// <summary>Bytes on the disk that go with it, if all that is listed before it goes too.</summary>
    public required long Size { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
