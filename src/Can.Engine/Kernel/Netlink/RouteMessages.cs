using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;

namespace Can.Engine.Kernel.Netlink;

/// <summary>Literal rtnetlink messages, for plans and for <see cref="RouteSocket"/>.</summary>
internal static class RouteMessages
{
    /// <summary>Sets lo up.</summary>
    public static NetlinkMessages LoopbackUp() => LinkUp(LinkReference.Loopback);

    /// <summary>Makes a bridge, up, without forward delay, spanning tree or an IPv6 link-local address of its own.</summary>
    /// <param name="name">At most 15 characters; EEXIST if it is taken.</param>
    /// <param name="address">A bridge without a fixed address would take that of a port, and change it as ports come and go.</param>
    /// <param name="mtu">In bytes; 0 for the kernel's default.</param>
    /// <param name="index">A fixed index, so that plans made before the bridge was made anew still hold; 0: the kernel chooses.</param>
    public static NetlinkMessages Bridge(string name, PhysicalAddress address, int mtu, int index = 0) => throw new NotImplementedException();

    /// <summary>Makes a pair of interfaces, both up. For STAGE_WIRE.</summary>
    public static NetlinkMessages Veth(VethLink link) => throw new NotImplementedException();

    /// <summary>Sets an interface up.</summary>
    public static NetlinkMessages LinkUp(LinkReference link) =>
        new NetlinkWriter().LinkAt(20, link).Begin(16, 5, Link(link.Index, 1)).End().Messages(NetlinkProtocol.Route);

    /// <summary>Removes an interface; of a veth both ends (33 ms: the plans of containers never do it).</summary>
    public static NetlinkMessages RemoveLink(LinkReference link) => throw new NotImplementedException();

    /// <summary>Adds an address; one of IPv6 is usable at once (IFA_F_NODAD). One that is there already is fine.</summary>
    public static NetlinkMessages Address(LinkReference link, IPAddress address, int prefixLength) => throw new NotImplementedException();

    /// <summary>Takes an address away.</summary>
    public static NetlinkMessages RemoveAddress(LinkReference link, IPAddress address, int prefixLength) => throw new NotImplementedException();

    /// <summary>Adds a route.</summary>
    /// <param name="link">The interface that it leads through.</param>
    /// <param name="destination">Where to; 0.0.0.0/0 or ::/0 for a default route.</param>
    /// <param name="gateway">The neighbour that goes on with it; null for a connected network.</param>
    /// <param name="metric">Its priority: the smallest wins; 0: the kernel's default.</param>
    public static NetlinkMessages Route(LinkReference link, IPNetwork destination, IPAddress? gateway, uint metric = 0) => throw new NotImplementedException();

    /// <summary>Takes a route away; arguments as it was added with.</summary>
    public static NetlinkMessages RemoveRoute(LinkReference link, IPNetwork destination, IPAddress? gateway, uint metric = 0) => throw new NotImplementedException();

    /// <summary>Makes known which hardware address an IP address has, for good.</summary>
    public static NetlinkMessages Neighbour(LinkReference link, IPAddress address, PhysicalAddress hardware) => throw new NotImplementedException();

    private static byte[] Link(int index, uint flags)
    {
        var content = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(4), index);
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(8), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(12), flags);
        return content;
    }
}
