using System.Net;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Networks.Wiring;

/// <summary>Reserves ports of the host and says how they are translated.</summary>
internal static class NetworkPorts
{
    /// <summary>Reserves the ports that are asked for; when one fails none is left.</summary>
    /// <exception cref="CanException"><c>PortInUse</c>, <c>PublishAddressNotFound</c>, <c>ProtocolNotSupported</c></exception>
    public static List<PortReservation> Reserve(IReadOnlyList<PortMapping> mappings)
    {
        if (mappings.Count == 0)
        {
            return [];
        }

        var reserved = new List<PortReservation>(mappings.Count);
        try
        {
            // Those that name a port come first, lest the kernel picks it for one that names none.
            var byMapping = new PortReservation[mappings.Count];
            foreach (var index in Enumerable.Range(0, mappings.Count).OrderBy(index => mappings[index].HostPort == 0))
            {
                reserved.Add(byMapping[index] = Reserve(mappings[index]));
            }

            return [.. byMapping];
        }
        catch
        {
            reserved.ForEach(static reservation => reservation.Dispose());
            throw;
        }
    }

    /// <summary>A port as it is published by a reservation.</summary>
    public static PublishedPort Published(PortMapping mapping, PortReservation reservation) => new()
    {
        Address = mapping.Address,
        HostPort = reservation.Port,
        ContainerPort = mapping.ContainerPort,
        Protocol = mapping.Protocol,
    };

    /// <summary>Where a published port leads on an interface.</summary>
    public static PortTranslation Translation(PublishedPort port, Endpoint endpoint) =>
        new(IPAddress.Parse(port.Address), port.HostPort, port.Protocol, TargetOf(port, endpoint), port.ContainerPort);

    /// <summary>Whether an interface has an address to which a port of this family can lead.</summary>
    public static bool CanReach(string hostAddress, bool hasIPv6) => hasIPv6 || !IPAddress.Parse(hostAddress).IsIPv6();

    private static IPAddress TargetOf(PublishedPort port, Endpoint endpoint) =>
        IPAddress.Parse(IPAddress.Parse(port.Address).IsIPv6() ? endpoint.IPv6Address! : endpoint.IPAddress);

    private static PortReservation Reserve(PortMapping mapping)
    {
        var address = IPAddress.Parse(mapping.Address);
        for (var port = mapping.HostPort; ; port++)
        {
            try
            {
                return PortReservation.Bind(address, port, mapping.Protocol);
            }
            catch (CanException error) when (error.ErrorId == "PortInUse" && port < mapping.LastHostPort)
            {
                // One of the others may be free.
            }
        }
    }
}
