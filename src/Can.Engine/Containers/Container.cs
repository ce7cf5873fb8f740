using System.Text.Json.Serialization;
using Can.Engine.Networks;

namespace Can.Engine.Containers;

/// <summary>What a container is doing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ContainerState>))]
public enum ContainerState
{
    /// <summary>Made, and never started.</summary>
    Created,

    /// <summary>Its command runs.</summary>
    Running,

    /// <summary>Its processes are frozen.</summary>
    Suspended,

    /// <summary>Its command has ended and the monitor waits to run it again.</summary>
    Restarting,

    /// <summary>Its command has ended.</summary>
    Exited,
}

/// <summary>A snapshot of a container; <see cref="Refresh"/> takes a new one in place.</summary>
public sealed class Container
{
    private readonly ContainerService service;
    private NetworkRecord? network;

    internal Container(ContainerService service, ContainerDefinition definition, ContainerStatus status, NetworkRecord? network)
    {
        this.service = service;
        Definition = definition;
        Status = status;
        this.network = network;
    }

    internal ContainerDefinition Definition { get; private set; }

    internal ContainerStatus Status { get; private set; }

    /// <summary>64 hexadecimal digits.</summary>
    public string Id => Definition.Id;

    /// <summary>The first 12 digits of the Id.</summary>
    public string ShortId => ContainerId.Short(Definition.Id);

    /// <summary>Its name.</summary>
    public string Name => Definition.Name;

    /// <summary>The image's reference as it was given.</summary>
    public string Image => Definition.Image;

    /// <summary>The image's Id.</summary>
    public string ImageId => Definition.ImageId;

    /// <summary>What it is doing.</summary>
    public ContainerState State => Status.State;

    /// <summary>Exit code of the last run (128 + signal when a signal ended it); null while it runs or was never run.</summary>
    public int? ExitCode => Status.ExitCode;

    /// <summary>Whether the kernel killed a process of the last run for want of memory.</summary>
    public bool OomKilled => Status.OomKilled;

    /// <summary>Process id of its PID 1 on the host; null when it does not run.</summary>
    public int? ProcessId => Status.ProcessId;

    /// <summary>Process id of its monitor on the host; null when it does not run.</summary>
    public int? MonitorProcessId => Status.MonitorProcessId;

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt => Definition.CreatedAt.ToLocalTime();

    /// <summary>When its latest run began.</summary>
    public DateTimeOffset? StartedAt => Status.StartedAt?.ToLocalTime();

    /// <summary>When its latest run ended; null while it runs.</summary>
    public DateTimeOffset? FinishedAt => Status.FinishedAt?.ToLocalTime();

    /// <summary>Program and arguments.</summary>
    public IReadOnlyList<string> Command => Definition.Arguments;

    /// <summary>Its first address; null without a network of its own.</summary>
    public string? IPAddress => network is { Endpoints: [var first, ..] } ? first.IPAddress : null;

    /// <summary>Its first IPv6 address; null where there is none.</summary>
    public string? IPv6Address => network?.Endpoints.Select(static endpoint => endpoint.IPv6Address).FirstOrDefault(static address => address is not null);

    /// <summary>Its interfaces with their addresses, one for each network that it has an address on.</summary>
    public IReadOnlyList<ContainerInterface> Interfaces => network?.Endpoints.Select(static endpoint => new ContainerInterface(endpoint)).ToArray() ?? [];

    /// <summary>Published ports with the ports of the host they got; none while it does not run.</summary>
    public IReadOnlyList<PublishedPort> Ports =>
        State is ContainerState.Running or ContainerState.Suspended or ContainerState.Restarting ? network?.Ports.ToArray() ?? [] : [];

    /// <summary>Ports that its image says it listens on, such as <c>80/tcp</c>; they are not published for that.</summary>
    public IReadOnlyList<string> ExposedPorts => Definition.ExposedPorts ?? [];

    /// <summary>Networks it is on.</summary>
    public IReadOnlyList<string> Networks =>
        Definition.Attachments?.Select(static attachment => attachment.Network).ToArray() ?? new[] { Definition.Network };

    /// <summary>Its interfaces with their addresses; none without a network of its own.</summary>
    public IReadOnlyList<Endpoint> Endpoints => network?.Endpoints ?? [];

    /// <summary>Its mounts.</summary>
    public IReadOnlyList<MountSpecification> Mounts => Definition.Mounts;

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels => Definition.Labels;

    /// <summary>Its limits.</summary>
    public ResourceLimits Limits => Definition.Limits;

    /// <summary>What happens when its command ends.</summary>
    public RestartPolicy RestartPolicy => Definition.RestartPolicy;

    /// <summary>How many times its monitor has run it again since it was last started.</summary>
    public int RestartCount => Status.RestartCount;

    /// <summary>
    /// Whether it is started again after the machine has been: of policy <see cref="RestartCondition.Always"/> once it has been started,
    /// of <see cref="RestartCondition.UnlessStopped"/> also unless somebody has stopped it.
    /// </summary>
    public bool StartsAtBoot => StartedAt is not null && RestartPolicy.Condition switch
    {
        RestartCondition.Always => true,
        RestartCondition.UnlessStopped => !Status.Stopped,
        _ => false,
    };

    /// <summary>What its health check says; null without one.</summary>
    public ContainerHealth? Health => Definition.HealthCheck is null ? null : Status.Health ?? ContainerHealth.Unknown;

    /// <summary>It runs, and its health check says that it does its work.</summary>
    public bool IsHealthy => State == ContainerState.Running && Health?.Status == HealthStatus.Healthy;

    /// <summary>How its health is checked; null if it is not.</summary>
    public HealthCheck? HealthCheck => Definition.HealthCheck;

    /// <summary>Host name inside.</summary>
    public string Hostname => Definition.Hostname;

    /// <summary>Whether it has a terminal.</summary>
    public bool Tty => Definition.Tty;

    /// <summary>Whether standard input stays open.</summary>
    public bool Interactive => Definition.Interactive;

    /// <summary>Takes a new snapshot in place.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c>: it has been removed.</exception>
    public void Refresh()
    {
        var now = service.Look(Id);
        Definition = now.Definition;
        Status = now.Status;
        network = now.network;
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
