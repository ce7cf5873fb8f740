using System.Text.Json.Serialization;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Networks;

/// <summary>A network as it is kept in network.json.</summary>
internal sealed record NetworkDefinition
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, unique in the root.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Name of the bridge on the host.</summary>
    public required string Interface { get; init; }

    /// <summary>IPv4 first, then IPv6 if it has that.</summary>
    public required IReadOnlyList<AddressPool> Pools { get; init; }

    /// <summary>Largest packet in bytes; 0 for the kernel's default.</summary>
    [JsonRequired]
    public int Mtu { get; init; }

    /// <summary>No way out of it, and none in.</summary>
    [JsonRequired]
    public bool Internal { get; init; }

    /// <summary>Its containers do not reach each other.</summary>
    [JsonRequired]
    public bool Isolate { get; init; }

    /// <summary>Labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Options of the driver as they were given.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>The addresses of the fourth version, which every network has.</summary>
    [JsonIgnore]
    internal AddressPool IPv4 => Pools[0];

    /// <summary>The addresses of the sixth version; null where there are none.</summary>
    [JsonIgnore]
    internal AddressPool? IPv6 => Pools.Count > 1 ? Pools[1] : null;
}
