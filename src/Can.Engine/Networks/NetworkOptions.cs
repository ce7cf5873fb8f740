namespace Can.Engine.Networks;

/// <summary>What a caller asks of a new network.</summary>
public sealed record NetworkOptions
{
    /// <summary>The driver that there is.</summary>
    public const string BridgeDriver = "bridge";

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>bridge</c>.</summary>
    public string Driver { get; init; } = BridgeDriver;

    /// <summary>At most one subnet of each family, such as 192.168.10.0/24; what is missing is chosen.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>At most one address of each family for the bridge; the first address of the subnet when missing.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>At most one part of each subnet, from which containers get their addresses; all of it when missing.</summary>
    public IReadOnlyList<string> IPRanges { get; init; } = [];

    /// <summary>Containers reach nothing outside of it.</summary>
    public bool Internal { get; init; }

    /// <summary>Containers on it do not reach each other.</summary>
    public bool Isolate { get; init; }

    /// <summary>It has IPv6 addresses too.</summary>
    public bool IPv6 { get; init; }

    /// <summary>Largest packet in bytes; the kernel's default when null.</summary>
    public int? Mtu { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Options of the driver: <c>interface</c> (name of the bridge), <c>public</c> (true: the subnet may be a public one).</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}
