namespace Can.Engine.Networks.Wiring;

/// <summary>The network of another container, which a container enters instead of having one of its own.</summary>
internal sealed record SharedNetwork
{
    /// <summary>The other container's status file, which says what process it is now: it may be restarted between two runs of this one.</summary>
    public required string StatusPath { get; init; }

    /// <summary>Host path of its /etc/hosts.</summary>
    public required string HostsPath { get; init; }

    /// <summary>Whether containers of a whole network see that file.</summary>
    public required bool HostsShared { get; init; }

    /// <summary>Host path of its /etc/resolv.conf.</summary>
    public required string ResolverPath { get; init; }
}
