using System.Text.Json.Serialization;

namespace Can.Engine.Containers;

/// <summary>How a path in a container differs from the image.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ContainerChangeKind>))]
public enum ContainerChangeKind
{
    /// <summary>It is not in the image.</summary>
    Added,

    /// <summary>It is in the image, with another content or other attributes; a directory also if something in it has changed.</summary>
    Modified,

    /// <summary>It is in the image only.</summary>
    Deleted,
}

/// <summary>What a file is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ContainerFileType>))]
public enum ContainerFileType
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A character device.</summary>
    CharacterDevice,

    /// <summary>A block device.</summary>
    BlockDevice,

    /// <summary>A named pipe.</summary>
    Fifo,

    /// <summary>A socket.</summary>
    Socket,
}

/// <summary>A path in which a container differs from its image.</summary>
public sealed record ContainerChange
{
    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>How it differs.</summary>
    public required ContainerChangeKind Kind { get; init; }

    /// <summary>Absolute path in the container, as text: bytes that are not UTF-8 show as replacement characters.</summary>
    public required string Path { get; init; }

    /// <summary>What it is; for a deleted one, what it is in the image.</summary>
    public required ContainerFileType Type { get; init; }

    /// <summary>Size of a regular file in bytes; null for anything else.</summary>
    public required long? Size { get; init; }

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
