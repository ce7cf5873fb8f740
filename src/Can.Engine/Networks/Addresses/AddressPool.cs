using System.Net;
using System.Text.Json.Serialization;

namespace Can.Engine.Networks.Addresses;

/// <summary>A subnet of a network with its gateway and the part that is handed out.</summary>
public sealed record AddressPool
{
    /// <summary>The subnet.</summary>
    public required Subnet Subnet { get; init; }

    /// <summary>The bridge's own address, which is the containers' gateway.</summary>
    public required string Gateway { get; init; }

    /// <summary>The part of the subnet that containers get their addresses from; null for all of it.</summary>
    public Subnet? IPRange { get; init; }

    /// <summary>The gateway as an address.</summary>
    [JsonIgnore]
    internal IPAddress GatewayAddress => AddressText.Parse(Gateway);

    /// <summary>The first address that is handed out, as a number.</summary>
    [JsonIgnore]
    internal AddressValue First => IPRange is { } range && range.First > Subnet.FirstHost ? range.First : Subnet.FirstHost;

    /// <summary>The last address that is handed out, as a number.</summary>
    [JsonIgnore]
    internal AddressValue Last => IPRange is { } range && range.Last < Subnet.LastHost ? range.Last : Subnet.LastHost;

    /// <summary>Whether a container can have this address: a host's address of the subnet that is not the gateway's.</summary>
    internal bool Allows(IPAddress address)
    {
        var number = AddressNumber.Of(address);
        return Subnet.Contains(address) && number >= Subnet.FirstHost && number <= Subnet.LastHost && !address.Equals(GatewayAddress);
    }
}
