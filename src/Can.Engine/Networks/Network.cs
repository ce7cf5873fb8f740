namespace Can.Engine.Networks;

/// <summary>A snapshot of a network.</summary>
/// <remarks>Its lists are arrays, as PowerShell can index those.</remarks>
public sealed class Network
{
    private readonly NetworkService service;

    internal Network(NetworkService service, NetworkDefinition definition) => (this.service, Definition) = (service, definition);

    internal NetworkDefinition Definition { get; }

    /// <summary>64 hexadecimal digits.</summary>
    public string Id => Definition.Id;

    /// <summary>The first 12 digits of the Id.</summary>
    public string ShortId => Definition.Id[..12];

    /// <summary>Its name.</summary>
    public string Name => Definition.Name;

    /// <summary>Its driver.</summary>
    public string Driver { get; } = NetworkOptions.BridgeDriver;

    /// <summary>Its subnets, IPv4 first.</summary>
    public IReadOnlyList<string> Subnet => Definition.Pools.Select(static pool => pool.Subnet.ToString()).ToArray();

    /// <summary>The bridge's addresses, which are the containers' gateways.</summary>
    public IReadOnlyList<string> Gateway => Definition.Pools.Select(static pool => pool.Gateway).ToArray();

    /// <summary>The parts of the subnets from which containers get their addresses, where that is not all of them.</summary>
    public IReadOnlyList<string> IPRange => Definition.Pools.Select(static pool => pool.IPRange?.ToString()).OfType<string>().ToArray();

    /// <summary>Whether its containers reach nothing outside of it.</summary>
    public bool Internal => Definition.Internal;

    /// <summary>Whether its containers are kept from each other.</summary>
    public bool Isolate => Definition.Isolate;

    /// <summary>Whether it has IPv6 addresses.</summary>
    public bool IPv6 => Definition.IPv6 is not null;

    /// <summary>Largest packet in bytes; null for the kernel's default.</summary>
    public int? Mtu => Definition.Mtu == 0 ? null : Definition.Mtu;

    /// <summary>Name of its bridge on the host.</summary>
    public string Interface => Definition.Interface;

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels => Definition.Labels;

    /// <summary>Options of the driver.</summary>
    public IReadOnlyDictionary<string, string> Options => Definition.Options;

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt => Definition.CreatedAt.ToLocalTime();

    /// <summary>Names of the containers that are on it, running or not; looked up when asked for.</summary>
    public IReadOnlyList<string> Containers => service.ContainersOf(Name);

    /// <summary>The lines of Can's nftables table, if the network has been used; looked up when asked for.</summary>
    public IReadOnlyList<string> Rules => service.Rules();

    /// <summary>Firewalls of the host's that keep its containers from other hosts, with the commands that change that; looked up when asked for.</summary>
    public IReadOnlyList<ForeignFirewall> BlockedBy => NetworkService.FirewallsAgainst(Definition).ToArray();

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
