using Can.Engine.Containers;

namespace Can.Engine.Images;

/// <summary>An image: layers and a configuration.</summary>
public sealed record Image
{
    /// <summary>64 hexadecimal digits: SHA-256 of the OCI image configuration.</summary>
    public required string Id { get; init; }

    /// <summary>The first 12 digits of the Id.</summary>
    public string ShortId => Id[..12];

    /// <summary>Its references such as <c>busybox:latest</c>; may be empty.</summary>
    public required IReadOnlyList<string> References { get; init; }

    /// <summary>SHA-256 of its manifest, <c>sha256:</c> and 64 hexadecimal digits: what a registry knows it by.</summary>
    public required string Digest { get; init; }

    /// <summary>When it was made; if that is not known, when it came into this store.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it; empty if it does not say.</summary>
    public string Author { get; init; } = "";

    /// <summary>Operating system and architecture it is for, such as <c>linux/amd64</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>Bytes of its unpacked files, all layers together.</summary>
    public required long Size { get; init; }

    /// <summary>Bytes of those layers that other images have too.</summary>
    public required long SharedSize { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels => Configuration.Labels;

    /// <summary>Layers as diff ids (64 hexadecimal digits of SHA-256 over the uncompressed tar), lowest first.</summary>
    public required IReadOnlyList<string> Layers { get; init; }

    /// <summary>What a container gets from it.</summary>
    public required ImageConfiguration Configuration { get; init; }

    /// <summary>The first reference, else the short Id.</summary>
    public override string ToString() => References.Count > 0 ? References[0] : ShortId;
}

/// <summary>Defaults that an image gives its containers; the OCI image configuration's <c>config</c> object.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/config.md</remarks>
public sealed partial record ImageConfiguration
{
    /// <summary>Program and leading arguments.</summary>
    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    /// <summary>Command, or arguments of the entrypoint.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>NAME=VALUE.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Working directory; empty for /.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>User; empty for root.</summary>
    public string User { get; init; } = "";

    /// <summary>Stop signal; empty for SIGTERM.</summary>
    public string StopSignal { get; init; } = "";

    /// <summary>Paths that want a volume.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Ports it listens on, such as <c>80/tcp</c>; for information.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>How the health of a container is checked; null if the image does not say.</summary>
    public HealthCheck? HealthCheck { get; init; }

    /// <summary>The command that a container runs when it is given none.</summary>
    public override string ToString() => string.Join(' ', Entrypoint.Concat(Command));
}
