using System.Text.Json.Serialization;

namespace Can.Engine.Containers;

/// <summary>What kind of mount a <see cref="MountSpecification"/> is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MountKind>))]
public enum MountKind
{
    /// <summary>A file or directory of the host.</summary>
    Bind,

    /// <summary>A named (or, with an empty source, anonymous) volume.</summary>
    Volume,

    /// <summary>An empty file system in memory.</summary>
    Tmpfs,
}

/// <summary>A mount in the container.</summary>
public sealed partial record MountSpecification
{
    /// <summary>Its kind.</summary>
    public required MountKind Kind { get; init; }

    /// <summary>Absolute host path (bind), volume name (volume; empty for an anonymous one), empty (tmpfs).</summary>
    [JsonRequired]
    public string Source { get; init; } = "";

    /// <summary>Absolute path in the container.</summary>
    public required string Target { get; init; }

    /// <summary>Writing is refused, in mounts below a recursive bind mount too.</summary>
    [JsonRequired]
    public bool ReadOnly { get; init; }

    /// <summary>Mounts below the source come along (bind). True unless said otherwise.</summary>
    [JsonRequired]
    public bool Recursive { get; init; } = true;

    /// <summary><c>private</c>, <c>rprivate</c>, <c>slave</c> or <c>rslave</c>: whether the container sees what the host mounts below the source later (bind).</summary>
    [JsonRequired]
    public string Propagation { get; init; } = "rprivate";

    /// <summary>Do not copy the image's content into a fresh volume.</summary>
    [JsonRequired]
    public bool NoCopy { get; init; }

    /// <summary>Size of a tmpfs in bytes; null for the kernel's default.</summary>
    public long? TmpfsSizeBytes { get; init; }

    /// <summary>Mode of a tmpfs's root directory (octal value as a number); 01777 when null.</summary>
    public int? TmpfsMode { get; init; }

    /// <summary>Further tmpfs flags such as <c>exec</c>, <c>noexec</c>, <c>nosuid</c>.</summary>
    [JsonRequired]
    public IReadOnlyList<string> TmpfsFlags { get; init; } = [];
}
