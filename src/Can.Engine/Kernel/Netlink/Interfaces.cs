using System.Net;
using System.Net.NetworkInformation;

namespace Can.Engine.Kernel.Netlink;

/// <summary>An interface as the kernel describes it.</summary>
/// <param name="Index">Its number in its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">IFLA_INFO_KIND (<c>bridge</c>, <c>veth</c>...); null for hardware and loopback.</param>
/// <param name="Flags">IFF_*; 1 = up.</param>
/// <param name="Master">Index of its bridge; 0 for none.</param>
/// <param name="Mtu">In bytes.</param>
/// <param name="Address">Its hardware address.</param>
/// <param name="PeerIndex">Index of a veth's other end, in that one's namespace (IFLA_LINK); 0 if there is none.</param>
internal sealed record LinkDescription(
    int Index, string Name, string? Kind, uint Flags, int Master, int Mtu, PhysicalAddress Address, int PeerIndex)
{
    /// <summary>Whether it is set up (IFF_UP).</summary>
    public bool IsUp => (Flags & 1) != 0;

    /// <summary>Whether it has a carrier, and those that stand on it know (IFF_RUNNING): only then does a bridge forward to its port.</summary>
    public bool IsRunning => (Flags & 0x40) != 0;
}

/// <summary>An address of an interface.</summary>
/// <param name="Link">The interface's index.</param>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">Length of its subnet's prefix in bits.</param>
internal sealed record AddressDescription(int Link, IPAddress Address, int PrefixLength);

/// <summary>A route of the main table.</summary>
/// <param name="Destination">Where to; a default route has length 0.</param>
/// <param name="Gateway">By which neighbour; null for a connected network.</param>
/// <param name="Link">The interface's index; 0 if the route has several or none.</param>
/// <param name="Metric">Its priority, the smallest wins.</param>
internal sealed record RouteDescription(IPNetwork Destination, IPAddress? Gateway, int Link, uint Metric);
