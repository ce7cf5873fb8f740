using System.Text.Json.Serialization;
using Can.Engine.Networks;

namespace Can.Engine.Containers;

/// <summary>
/// A container as it is kept in container.json: the options with everything that depends on the image and the host at creation
/// resolved. <see cref="Starting.StartPlanner"/> compiles it, with the host's facts, into a plan.
/// </summary>
public sealed record ContainerDefinition
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, unique in the root.</summary>
    public required string Name { get; init; }

    /// <summary>When it was created, in UTC: a process that starts one container has no use for the rules of its time zone.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The image's reference as the caller gave it.</summary>
    public required string Image { get; init; }

    /// <summary>The image's Id: 64 hexadecimal digits.</summary>
    public required string ImageId { get; init; }

    /// <summary>The image's layers as diff ids (64 hexadecimal digits), lowest first.</summary>
    public required IReadOnlyList<string> Layers { get; init; }

    /// <summary>Entrypoint and command joined: program and arguments, at least one.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Complete environment as NAME=VALUE, PATH included, HOME only if given.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>Absolute working directory.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary><c>user[:group]</c>; empty for root.</summary>
    public required string User { get; init; }

    /// <summary>Host name.</summary>
    public required string Hostname { get; init; }

    /// <summary>Mounts; volumes carry their name (anonymous ones have got one).</summary>
    public required IReadOnlyList<MountSpecification> Mounts { get; init; }

    /// <summary>Signal number that asks it to end.</summary>
    public required int StopSignal { get; init; }

    /// <summary>Seconds a stop waits before SIGKILL.</summary>
    public required int StopTimeoutSeconds { get; init; }

    /// <inheritdoc cref="ContainerOptions.ReadOnly"/>
    [JsonRequired]
    public bool ReadOnly { get; init; }

    /// <inheritdoc cref="ContainerOptions.Limits"/>
    [JsonRequired]
    public ResourceLimits Limits { get; init; } = new();

    /// <inheritdoc cref="ContainerOptions.Ulimits"/>
    [JsonRequired]
    public IReadOnlyList<Ulimit> Ulimits { get; init; } = [];

    /// <inheritdoc cref="ContainerOptions.CapAdd"/>
    [JsonRequired]
    public IReadOnlyList<string> CapAdd { get; init; } = [];

    /// <inheritdoc cref="ContainerOptions.CapDrop"/>
    [JsonRequired]
    public IReadOnlyList<string> CapDrop { get; init; } = [];

    /// <inheritdoc cref="ContainerOptions.Privileged"/>
    [JsonRequired]
    public bool Privileged { get; init; }

    /// <inheritdoc cref="ContainerOptions.SecurityOptions"/>
    [JsonRequired]
    public IReadOnlyList<string> SecurityOptions { get; init; } = [];

    /// <inheritdoc cref="ContainerOptions.Devices"/>
    [JsonRequired]
    public IReadOnlyList<DeviceMapping> Devices { get; init; } = [];

    /// <inheritdoc cref="ContainerOptions.Labels"/>
    [JsonRequired]
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc cref="ContainerOptions.RestartPolicy"/>
    [JsonIgnore]
    public RestartPolicy RestartPolicy { get; init; } = RestartPolicy.No;

    /// <summary>The same for the store.</summary>
    [JsonInclude]
    [JsonRequired]
    [JsonPropertyName("restartPolicy")]
    internal StoredRestartPolicy StoredRestartPolicy
    {
        get => StoredRestartPolicy.Of(RestartPolicy);
        init => RestartPolicy = value.ToPolicy();
    }

    /// <inheritdoc cref="ContainerOptions.Init"/>
    [JsonRequired]
    public bool Init { get; init; }

    /// <inheritdoc cref="ContainerOptions.Interactive"/>
    [JsonRequired]
    public bool Interactive { get; init; }

    /// <inheritdoc cref="ContainerOptions.Tty"/>
    [JsonRequired]
    public bool Tty { get; init; }

    /// <inheritdoc cref="ContainerOptions.AutoRemove"/>
    public bool AutoRemove { get; init; }

    /// <summary>How its health is checked, every value given; null if it is not.</summary>
    public HealthCheck? HealthCheck { get; init; }

    /// <summary>Ports that the image says it listens on, such as <c>80/tcp</c>; null if it says nothing.</summary>
    public IReadOnlyList<string>? ExposedPorts { get; init; }

    /// <inheritdoc cref="ContainerOptions.Sysctls"/>
    public IReadOnlyDictionary<string, string>? Sysctls { get; init; }

    /// <summary><c>none</c>, <c>host</c>, <c>bridge</c> (on <see cref="Attachments"/>) or <c>container:ID</c>.</summary>
    [JsonRequired]
    public string Network { get; init; } = "none";

    /// <summary>Networks it is on; its interfaces eth0, eth1 and so on, in this order.</summary>
    public IReadOnlyList<NetworkAttachment>? Attachments { get; init; }

    /// <summary>Ports that are published, each with one port of the container.</summary>
    public IReadOnlyList<PortMapping>? Ports { get; init; }

    /// <summary>How it finds names; null for the host's way.</summary>
    public NameSettings? Names { get; init; }
}
