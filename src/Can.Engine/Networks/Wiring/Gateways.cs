using System.Net;

namespace Can.Engine.Networks.Wiring;

/// <summary>Through which of a container's networks its default routes lead: one of each family.</summary>
internal sealed record Gateways(NetworkDefinition? IPv4, NetworkDefinition? IPv6)
{
    /// <summary>The network with the highest priority that leads anywhere; of equal ones the first.</summary>
    public static Gateways Of(IReadOnlyList<NetworkAttachment> attachments, IReadOnlyList<NetworkDefinition> networks) =>
        new(First(attachments, networks, static network => !network.Internal), First(attachments, networks, static network => network is { Internal: false, IPv6: not null }));

    private static NetworkDefinition? First(IReadOnlyList<NetworkAttachment> attachments, IReadOnlyList<NetworkDefinition> networks, Func<NetworkDefinition, bool> leads)
    {
        NetworkDefinition? first = null;
        var highest = 0;
        for (var index = 0; index < networks.Count; index++)
        {
            var priority = attachments[index].Priority ?? 0;
            if (leads(networks[index]) && (first is null || priority > highest))
            {
                (first, highest) = (networks[index], priority);
            }
        }

        return first;
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
