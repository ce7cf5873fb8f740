using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Oci;

/// <summary>Names content by type, digest and size.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/descriptor.md</remarks>
internal sealed record OciDescriptor
{
    public string? MediaType { get; init; }

    public required Digest Digest { get; init; }

    public required long Size { get; init; }

    public OciPlatform? Platform { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The value of an annotation; null if there is none.</summary>
    public string? Annotation(string name) => Annotations?.GetValueOrDefault(name);
}

/// <summary>What an image runs on, in Go's names.</summary>
internal sealed record OciPlatform
{
    public string? Architecture { get; init; }

    public string? Os { get; init; }

    public string? Variant { get; init; }
}

/// <summary>A manifest: a configuration and layers, lowest first. Docker's version 2, schema 2 has the same members.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/manifest.md</remarks>
internal sealed record OciManifest
{
    /// <summary>Bytes that a manifest or index may have, as in registries.</summary>
    public const int Limit = 4 << 20;

    public required int SchemaVersion { get; init; }

    public string? MediaType { get; init; }

    public required OciDescriptor Config { get; init; }

    public required IReadOnlyList<OciDescriptor> Layers { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

/// <summary>An index: manifests for several platforms, or everything that an image layout holds.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/image-index.md</remarks>
internal sealed record OciIndex
{
    public required int SchemaVersion { get; init; }

    public string? MediaType { get; init; }

    public required IReadOnlyList<OciDescriptor> Manifests { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

/// <summary>An image's configuration. Members that are not here are kept as bytes, for their digest is the image's Id.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/config.md; lists may be null in what Docker writes.</remarks>
internal sealed record OciImage
{
    /// <summary>Bytes that a configuration may have.</summary>
    public const int Limit = 8 << 20;

    public string? Architecture { get; init; }

    public string? Os { get; init; }

    public string? Variant { get; init; }

    public DateTimeOffset? Created { get; init; }

    public string? Author { get; init; }

    public OciImageDefaults? Config { get; init; }

    public required OciRootFileSystem Rootfs { get; init; }

    public IReadOnlyList<OciHistory>? History { get; init; }
}

/// <summary>A configuration's <c>config</c>: what containers get.</summary>
internal sealed record OciImageDefaults
{
    public string? User { get; init; }

    public IReadOnlyList<string>? ExposedPorts { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }

    public IReadOnlyList<string>? Volumes { get; init; }

    public string? WorkingDir { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string? StopSignal { get; init; }

    public OciHealthCheck? HealthCheck { get; init; }
}

/// <summary>A configuration's <c>rootfs</c>.</summary>
internal sealed record OciRootFileSystem
{
    public string? Type { get; init; }

    public required IReadOnlyList<Digest> DiffIds { get; init; }
}

/// <summary>How a layer came to be, or a step that made none.</summary>
internal sealed record OciHistory
{
    public DateTimeOffset? Created { get; init; }

    public string? CreatedBy { get; init; }

    public string? Author { get; init; }

    public string? Comment { get; init; }

    public bool? EmptyLayer { get; init; }
}
