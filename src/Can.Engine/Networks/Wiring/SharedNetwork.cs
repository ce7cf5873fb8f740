namespace Can.Engine.Networks.Wiring;

/// <summary>The network of another container, which a container enters instead of having one of its own.</summary>
internal sealed record SharedNetwork
{
    /// <summary>The namespace: /proc/PID/ns/net of the other container's first process.</summary>
    public required string Namespace { get; init; }

    /// <summary>Host path of its /etc/hosts.</summary>
    public required string HostsPath { get; init; }

    /// <summary>Whether containers of a whole network see that file.</summary>
    public required bool HostsShared { get; init; }

    /// <summary>Host path of its /etc/resolv.conf.</summary>
    public required string ResolverPath { get; init; }
}
