using System.Net;

namespace Can.Engine.Networks.Wiring;

/// <summary>Through which of a container's networks its default routes lead: one of each family.</summary>
internal sealed record Gateways(NetworkDefinition? IPv4, NetworkDefinition? IPv6)
{
    /// <summary>The network with the highest priority that leads anywhere; of equal ones the first.</summary>
    public static Gateways Of(IReadOnlyList<NetworkAttachment> attachments, IReadOnlyList<NetworkDefinition> networks)
    {
        var open = attachments.Zip(networks).Where(static pair => !pair.Second.Internal)
            .OrderByDescending(static pair => pair.First.Priority ?? 0).Select(static pair => pair.Second).ToList();
        return new(open.FirstOrDefault(), open.Find(static network => network.IPv6 is not null));
    }

    /// <summary>An interface that knows which default routes lead through it.</summary>
    public Endpoint Mark(Endpoint endpoint) => endpoint with { HasRoute = endpoint.NetworkId == IPv4?.Id, HasIPv6Route = endpoint.NetworkId == IPv6?.Id };

    /// <summary>Gateways of the default routes that lead through a network.</summary>
    public IReadOnlyList<IPAddress> Through(NetworkDefinition network) =>
    [
        .. network.Id == IPv4?.Id ? [network.IPv4.GatewayAddress] : Array.Empty<IPAddress>(),
        .. network.Id == IPv6?.Id ? [network.IPv6!.GatewayAddress] : Array.Empty<IPAddress>(),
    ];
}
