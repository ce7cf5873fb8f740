using System.Net;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Networks.Wiring;

/// <summary>Where published ports lead: the table's elements for them, and the sweeping of those that a killed monitor left.</summary>
/// <param name="table">The table.</param>
internal sealed class PortElements(NftTable table)
{
    /// <summary>Where the ports of a container lead: to the interface through which the answers leave, else to the first that has such an address.</summary>
    public static IEnumerable<PortTranslation> Of(NetworkRecord record)
    {
        foreach (var port in record.Ports)
        {
            var isIPv6 = IPAddress.Parse(port.Address).IsIPv6();
            var endpoint = record.Endpoints.FirstOrDefault(endpoint => isIPv6 ? endpoint.HasIPv6Route : endpoint.HasRoute)
                ?? record.Endpoints.FirstOrDefault(endpoint => !isIPv6 || endpoint.IPv6Address is not null);
            if (endpoint is not null)
            {
                yield return NetworkPorts.Translation(port, endpoint);
            }
        }
    }

    /// <summary>Changes where the ports of a running container lead; it has all of them reserved.</summary>
    /// <param name="before">Its record until now.</param>
    /// <param name="after">Its record from now on.</param>
    public void Move(NetworkRecord before, NetworkRecord after)
    {
        var (old, now) = (Of(before).ToHashSet(), Of(after).ToHashSet());
        var kept = now.Select(KeyOf).ToHashSet();
        Remove(old.Where(port => !kept.Contains(KeyOf(port))));
        List<PortTranslation> moved = [.. now.Except(old)];
        table.Lead(moved);
        ConnectionTracking.Forget(moved);
    }

    /// <summary>Ends the translation of ports, as far as they still lead there.</summary>
    public void Remove(IEnumerable<PortTranslation> ports)
    {
        var gone = ports.ToList();
        table.Delete([.. gone.Select(MapElement.Published)]);
        ConnectionTracking.Forget(gone);
    }

    /// <summary>
    /// Whoever has reserved a port knows that any other element of it is a dead container's: one with the same address, and one
    /// that has every address where this has one, or the other way round.
    /// </summary>
    public void SweepBeside(NetworkRecord reserved)
    {
        if (reserved.Ports.Count == 0)
        {
            return;
        }

        var own = Of(reserved).ToList();
        var others = own.Exists(static port => IsAny(port.HostAddress))
            ? table.ListPublished().Where(port => own.Exists(mine => Overlap(mine, port)))
            : table.FindOthers([.. own, .. own.Select(static port => port with { HostAddress = AnyOf(port.HostAddress) })]);
        Remove(others.Except(own));
    }

    private static (IPAddress Address, int Port, TransportProtocol Protocol) KeyOf(PortTranslation port) => (port.HostAddress, port.HostPort, port.Protocol);

    /// <summary>A gateway's port that leads to the host's own resolver is no container's, and reserved by nobody.</summary>
    private static bool Overlap(PortTranslation mine, PortTranslation other) =>
        mine.HostPort == other.HostPort && mine.Protocol == other.Protocol && !IPAddress.IsLoopback(other.Address)
        && mine.HostAddress.AddressFamily == other.HostAddress.AddressFamily
        && (mine.HostAddress.Equals(other.HostAddress) || IsAny(mine.HostAddress) || IsAny(other.HostAddress));

    private static IPAddress AnyOf(IPAddress address) => address.IsIPv6() ? IPAddress.IPv6Any : IPAddress.Any;

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
