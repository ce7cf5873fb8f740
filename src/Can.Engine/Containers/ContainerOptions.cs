using Can.Engine.Images;
using Can.Engine.Networks;

namespace Can.Engine.Containers;

/// <summary>What a caller asks of a new container. Front ends fill it in; text forms are parsed by the types' own Parse methods.</summary>
public sealed record ContainerOptions
{
    /// <summary>Reference, Id or unique Id prefix of the image.</summary>
    public required string Image { get; init; }

    /// <summary>When and how the image is received from its registry first; null: it has to be there.</summary>
    public ImagePull? Pull { get; init; }

    /// <summary>Name; one is made up when null.</summary>
    public string? Name { get; init; }

    /// <summary>Command and its arguments; the image's own when null or empty.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Entrypoint instead of the image's; an empty list removes it.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Environment in addition to the image's; wins over it and over the files.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Paths of files with NAME=VALUE lines.</summary>
    public IReadOnlyList<string> EnvironmentFiles { get; init; } = [];

    /// <summary>Working directory in the container; the image's, else /, when null.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary><c>user[:group]</c>, names or numbers; the image's when null.</summary>
    public string? User { get; init; }

    /// <summary>Host name; the first 12 digits of the Id when null.</summary>
    public string? Hostname { get; init; }

    /// <summary>Bind mounts, named volumes and tmpfs.</summary>
    public IReadOnlyList<MountSpecification> Mounts { get; init; } = [];

    /// <summary>Bytes of /dev/shm; 64 MiB when null.</summary>
    public long? SharedMemoryBytes { get; init; }

    /// <summary>
    /// Kernel settings of its own namespaces, such as <c>net.core.somaxconn</c>: those of its network, of System V IPC
    /// (<c>kernel.shm*</c>, <c>kernel.msg*</c>, <c>kernel.sem</c>), of POSIX message queues (<c>fs.mqueue.*</c>), and <c>kernel.domainname</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    /// <summary>The root file system is read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Limits of the cgroup controllers.</summary>
    public ResourceLimits Limits { get; init; } = new();

    /// <summary>Resource limits of setrlimit(2).</summary>
    public IReadOnlyList<Ulimit> Ulimits { get; init; } = [];

    /// <summary>Capabilities to add, as <c>NET_ADMIN</c>, <c>CAP_NET_ADMIN</c> or <c>ALL</c>.</summary>
    public IReadOnlyList<string> CapAdd { get; init; } = [];

    /// <summary>Capabilities to drop, or <c>ALL</c>.</summary>
    public IReadOnlyList<string> CapDrop { get; init; } = [];

    /// <summary>All capabilities the host has, all devices, no seccomp filter, nothing masked.</summary>
    public bool Privileged { get; init; }

    /// <summary><c>no-new-privileges[=true|false]</c>, <c>seccomp=unconfined|default</c>, <c>systempaths=unconfined</c>.</summary>
    public IReadOnlyList<string> SecurityOptions { get; init; } = [];

    /// <summary>Host devices to expose.</summary>
    public IReadOnlyList<DeviceMapping> Devices { get; init; } = [];

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>What happens when the command ends.</summary>
    public RestartPolicy RestartPolicy { get; init; } = RestartPolicy.No;

    /// <summary>Signal that asks the container to end, as <c>SIGTERM</c>, <c>TERM</c> or a number; the image's, else SIGTERM, when null.</summary>
    public string? StopSignal { get; init; }

    /// <summary>How long a stop waits before SIGKILL; 10 seconds when null.</summary>
    public TimeSpan? StopTimeout { get; init; }

    /// <summary>Health check; of what it does not say the image's holds. Null: the image's; <see cref="HealthCheck.None"/>: none.</summary>
    public HealthCheck? HealthCheck { get; init; }

    /// <summary>A small PID 1 that forwards signals and reaps orphans runs in front of the command.</summary>
    public bool Init { get; init; }

    /// <summary>Standard input stays open.</summary>
    public bool Interactive { get; init; }

    /// <summary>The container has a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>It is removed when it has ended: by whoever runs it in the foreground, otherwise by the next look at it.</summary>
    public bool AutoRemove { get; init; }

    /// <summary>Networks it is on, or a single <c>none</c>, <c>host</c> or <c>container:NAME</c>; the default when empty.</summary>
    public IReadOnlyList<NetworkAttachment> Networks { get; init; } = [];

    /// <summary>Ports that are published on the host.</summary>
    public IReadOnlyList<PortMapping> Ports { get; init; } = [];

    /// <summary>Ports that it listens on besides those of the image, such as <c>80</c>, <c>53/udp</c> or <c>8000-8010</c>.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];

    /// <summary>Every exposed port that is not among <see cref="Ports"/> is published on a free port of <see cref="PortMapping.DefaultAddress"/>.</summary>
    public bool PublishAll { get; init; }

    /// <summary>Addresses of its own choice on its only network, at most one of each family.</summary>
    public IReadOnlyList<string> IPAddresses { get; init; } = [];

    /// <summary>Hardware address on its only network; null for the one that belongs to its IPv4 address.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Further names by which other containers on its networks find it.</summary>
    public IReadOnlyList<string> NetworkAliases { get; init; } = [];

    /// <summary>Addresses of name servers; the host's when empty.</summary>
    public IReadOnlyList<string> DnsServers { get; init; } = [];

    /// <summary>Domains that names are searched in; the host's when empty, none for a single <c>.</c>.</summary>
    public IReadOnlyList<string> DnsSearch { get; init; } = [];

    /// <summary>Options of resolv.conf(5); the host's when empty.</summary>
    public IReadOnlyList<string> DnsOptions { get; init; } = [];

    /// <summary>Further lines of /etc/hosts.</summary>
    public IReadOnlyList<HostEntry> ExtraHosts { get; init; } = [];
}
