using System.Net;
using System.Text.Json.Serialization;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Networks;

/// <summary>What a container has of its networks now: kept in its run directory, and gone with the next boot.</summary>
internal sealed record NetworkRecord
{
    /// <summary>A container without networks.</summary>
    public static NetworkRecord Empty { get; } = new() { Endpoints = [], Ports = [] };

    /// <summary>Its interfaces.</summary>
    public required IReadOnlyList<Endpoint> Endpoints { get; init; }

    /// <summary>Whether its /etc/hosts is a file of its own, and not the one that the containers of its network share.</summary>
    [JsonRequired]
    public bool HasOwnHosts { get; init; }

    /// <summary>Its published ports, as long as it runs.</summary>
    public required IReadOnlyList<PublishedPort> Ports { get; init; }
}

/// <summary>A container's interface on a network, with the addresses that it leases.</summary>
public sealed record Endpoint
{
    /// <summary>Name of the network.</summary>
    public required string Network { get; init; }

    /// <summary>Id of the network.</summary>
    public required string NetworkId { get; init; }

    /// <summary>Name of the interface in the container.</summary>
    public required string Interface { get; init; }

    /// <summary>Its IPv4 address.</summary>
    public required string IPAddress { get; init; }

    /// <summary>Its IPv6 address; null on a network without.</summary>
    public string? IPv6Address { get; init; }

    /// <summary>Its hardware address.</summary>
    public required string MacAddress { get; init; }

    /// <summary>Whether the default route of IPv4 leads through it, and with that what arrives at published ports.</summary>
    [JsonRequired]
    public bool HasRoute { get; init; }

    /// <summary>The same of IPv6.</summary>
    [JsonRequired]
    public bool HasIPv6Route { get; init; }

    /// <summary>All addresses.</summary>
    [JsonIgnore]
    internal IEnumerable<IPAddress> Addresses => IPv6Address is null
        ? [AddressText.Parse(IPAddress)]
        : [AddressText.Parse(IPAddress), AddressText.Parse(IPv6Address)];
}
