using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Can.Engine.Kernel.Netlink;

/// <summary>Literal rtnetlink messages, for plans and for <see cref="RouteSocket"/>.</summary>
/// <remarks>rtnetlink(7), linux/if_link.h, linux/if_addr.h, linux/neighbour.h.</remarks>
internal static class RouteMessages
{
    /// <summary>Most characters of an interface's name (IFNAMSIZ without its NUL).</summary>
    public const int LongestName = 15;

    /// <summary>
    /// fe80::1, which every bridge of an IPv6 network has to be given (prefix length 64): it is under a link-local address that the kernel
    /// asks who has the destination of a packet it forwards, and a bridge made here has none of its own.
    /// </summary>
    public static readonly IPAddress BridgeLinkLocal = IPAddress.Parse("fe80::1");

    private const ushort NLM_F_REQUEST = 1;
    private const ushort NLM_F_ACK = 4;
    private const ushort NLM_F_REPLACE = 0x100;
    private const ushort NLM_F_EXCL = 0x200;
    private const ushort NLM_F_CREATE = 0x400;
    private const ushort Change = NLM_F_REQUEST | NLM_F_ACK;

    private const uint IFF_UP = 1;
    private const ushort AF_INET6 = 10;
    private const byte IN6_ADDR_GEN_MODE_EUI64 = 0;
    private const byte IN6_ADDR_GEN_MODE_NONE = 1;
    private const byte IFA_F_NODAD = 2;
    private const byte RT_TABLE_MAIN = 254;
    private const byte RTPROT_STATIC = 4;
    private const byte RT_SCOPE_LINK = 253;
    private const byte RTN_UNICAST = 1;
    private const byte NUD_PERMANENT = 0x80;

    /// <summary>Sets lo up.</summary>
    public static NetlinkMessages LoopbackUp() =>
        Link(LinkMessage.New, Change, LinkReference.Loopback, IFF_UP).End().Messages(NetlinkProtocol.Route);

    /// <summary>Makes a bridge, up, without forward delay, spanning tree, multicast snooping or an IPv6 link-local address of its own.</summary>
    /// <remarks>
    /// Without a querier, which a bridge is not by itself, snooping limits nothing; but with it each port that comes up starts two timers
    /// of every other.
    /// </remarks>
    /// <param name="name">At most 15 characters; EEXIST if it is taken.</param>
    /// <param name="address">A bridge without a fixed address would take that of a port, and change it as ports come and go.</param>
    /// <param name="mtu">In bytes; 0 for the kernel's default. (Without one, a bridge follows its ports.)</param>
    /// <param name="index">A fixed index, so that plans made before the bridge was made anew still hold (EBUSY if it is taken); 0: the kernel chooses.</param>
    public static NetlinkMessages Bridge(string name, PhysicalAddress address, int mtu, int index = 0)
    {
        RequireName(name, LongestName);
        var writer = Link(LinkMessage.New, Change | NLM_F_CREATE | NLM_F_EXCL, LinkReference.At(index), 0)
            .Text(LinkAttribute.Name, name)
            .Bytes(LinkAttribute.Address, address.GetAddressBytes());
        Mtu(writer, mtu).Nest(LinkAttribute.Info, info => info
            .Text(LinkAttribute.InfoKind, "bridge")
            .Nest(LinkAttribute.InfoData, data => data
                .Number(LinkAttribute.BridgeForwardDelay, 0)
                .Number(LinkAttribute.BridgeSpanningTree, 0)
                .Byte(LinkAttribute.BridgeMulticastSnooping, 0))).End();

        // Only of an interface that exists does the kernel take IFLA_AF_SPEC.
        return Up(writer, LinkReference.At(0), named => named.Text(LinkAttribute.Name, name), linkLocal: false, portFlags: null)
            .Messages(NetlinkProtocol.Route);
    }

    /// <summary>
    /// Makes a pair of interfaces; the host's end is up and a port of its bridge, the container's end is left down, for its
    /// addresses and sysctls to be there before it is seen. For STAGE_WIRE.
    /// </summary>
    public static NetlinkMessages Veth(VethLink link)
    {
        RequireName(link.HostName, link.NumberedByRun ? LongestName - 4 : LongestName);
        NetlinkWriter Name(NetlinkWriter writer) =>
            link.NumberedByRun ? writer.NumberedText(LinkAttribute.Name, link.HostName) : writer.Text(LinkAttribute.Name, link.HostName);

        var made = Name(Link(LinkMessage.New, Change | NLM_F_CREATE | NLM_F_EXCL, LinkReference.At(0), 0));
        if (link.Bridge != 0)
        {
            made.Number(LinkAttribute.Master, (uint)link.Bridge);
        }

        OneQueue(Mtu(made, link.Mtu)).Nest(LinkAttribute.Info, info => info
            .Text(LinkAttribute.InfoKind, "veth")
            .Nest(LinkAttribute.InfoData, data => data
                .Nest(LinkAttribute.VethPeer, LinkHeader(0, 0), peer => OneQueue(Mtu(peer, link.Mtu))
                    .Text(LinkAttribute.Name, $"eth{link.Number}")
                    .Bytes(LinkAttribute.Address, link.PeerAddress.GetAddressBytes())
                    .Number(LinkAttribute.NamespaceDescriptor, (uint)link.NamespaceDescriptor)))).End();
        return Up(made, LinkReference.At(0), named => Name(named), linkLocal: false, link.Bridge == 0 ? null : PortFlags(link.Isolated))
            .Messages(NetlinkProtocol.Route);
    }

    /// <summary>Removes what <see cref="Veth"/> made in the same run. For STAGE_TEARDOWN.</summary>
    public static NetlinkMessages RemoveVeth(VethLink link)
    {
        var message = Link(LinkMessage.Delete, Change, LinkReference.At(0), 0);
        return (link.NumberedByRun ? message.NumberedText(LinkAttribute.Name, link.HostName) : message.Text(LinkAttribute.Name, link.HostName))
            .End().Messages(NetlinkProtocol.Route);
    }

    /// <summary>Makes the host's end of a veth, which has lost its bridge, a port of another one.</summary>
    public static NetlinkMessages Join(LinkReference link, int bridge, bool isolated)
    {
        var joined = Link(LinkMessage.New, Change, link, 0).Number(LinkAttribute.Master, (uint)bridge).End();
        return Up(joined, link, static writer => writer, linkLocal: false, PortFlags(isolated)).Messages(NetlinkProtocol.Route);
    }

    /// <summary>Sets an interface up.</summary>
    /// <param name="link">Which.</param>
    /// <param name="linkLocal">Whether the kernel gives it an IPv6 link-local address; without one a network of IPv4 alone stays silent.</param>
    public static NetlinkMessages LinkUp(LinkReference link, bool linkLocal) =>
        Up(new NetlinkWriter(), link, writer => writer, linkLocal, portFlags: null).Messages(NetlinkProtocol.Route);

    /// <summary>Removes an interface; of a veth both ends (33 ms: only plans of containers whose namespace others have entered do it).</summary>
    public static NetlinkMessages RemoveLink(LinkReference link) =>
        Link(LinkMessage.Delete, Change, link, 0).End().Messages(NetlinkProtocol.Route);

    /// <summary>Adds an address; one of IPv6 is usable at once (IFA_F_NODAD). One that is there already is fine.</summary>
    public static NetlinkMessages Address(LinkReference link, IPAddress address, int prefixLength)
    {
        var writer = AddressHeader(RouteMessage.NewAddress, Change | NLM_F_CREATE | NLM_F_REPLACE, link, address, prefixLength);
        if (address.AddressFamily == AddressFamily.InterNetwork && prefixLength < 31)
        {
            writer.Bytes(AddressAttribute.Broadcast, Broadcast(address, prefixLength));
        }

        return writer.End().Messages(NetlinkProtocol.Route);
    }

    /// <summary>Takes an address away.</summary>
    public static NetlinkMessages RemoveAddress(LinkReference link, IPAddress address, int prefixLength) =>
        AddressHeader(RouteMessage.DeleteAddress, Change, link, address, prefixLength).End().Messages(NetlinkProtocol.Route);

    /// <summary>Adds a route, or replaces the one of the same destination and metric.</summary>
    /// <param name="link">The interface that it leads through.</param>
    /// <param name="destination">Where to; 0.0.0.0/0 or ::/0 for a default route.</param>
    /// <param name="gateway">The neighbour that goes on with it; null for a connected network.</param>
    /// <param name="metric">Its priority: the smallest wins; 0: the kernel's default.</param>
    public static NetlinkMessages Route(LinkReference link, IPNetwork destination, IPAddress? gateway, uint metric = 0) =>
        RouteTo(RouteMessage.NewRoute, Change | NLM_F_CREATE | NLM_F_REPLACE, link, destination.BaseAddress, destination.PrefixLength, gateway, metric);

    /// <summary>The same for a default route of the gateway's family.</summary>
    public static NetlinkMessages DefaultRoute(LinkReference link, IPAddress gateway) =>
        RouteTo(RouteMessage.NewRoute, Change | NLM_F_CREATE | NLM_F_REPLACE, link, Anywhere(gateway), 0, gateway, metric: 0);

    /// <summary>Takes a default route away.</summary>
    public static NetlinkMessages RemoveDefaultRoute(LinkReference link, IPAddress gateway, uint metric) =>
        RouteTo(RouteMessage.DeleteRoute, Change, link, Anywhere(gateway), 0, gateway, metric);

    /// <summary>Makes known which hardware address an IP address has, for good.</summary>
    public static NetlinkMessages Neighbour(LinkReference link, IPAddress address, PhysicalAddress hardware)
    {
        var header = new byte[12]; // struct ndmsg
        header[0] = Family(address.AddressFamily);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), link.Index);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), NUD_PERMANENT);
        return new NetlinkWriter()
            .Begin(RouteMessage.NewNeighbour, Change | NLM_F_CREATE | NLM_F_REPLACE, header, link, 4)
            .Address(NeighbourAttribute.Destination, address)
            .Bytes(NeighbourAttribute.HardwareAddress, hardware.GetAddressBytes())
            .End().Messages(NetlinkProtocol.Route);
    }

    /// <summary>AF_INET or AF_INET6.</summary>
    internal static byte Family(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? (byte)AF_INET6 : (byte)2;

    // Sets up what exists by now; `name` adds its name where no index is known. What it is to be like is said before, since the kernel
    // tells everybody of each change of what is up already.
    private static NetlinkWriter Up(
        NetlinkWriter writer, LinkReference link, Func<NetlinkWriter, NetlinkWriter> name, bool linkLocal, Action<NetlinkWriter>? portFlags)
    {
        if (portFlags is not null || Ipv6.IsAvailable)
        {
            name(writer.Begin(LinkMessage.New, Change, LinkHeader(link.Index, 0), link, 4));
            PortData(writer, portFlags);
            AddressGeneration(writer, linkLocal);
            writer.End();
        }

        return name(writer.Begin(LinkMessage.New, Change, LinkHeader(link.Index, IFF_UP), link, 4)).End();
    }

    private static void PortData(NetlinkWriter writer, Action<NetlinkWriter>? flags)
    {
        if (flags is not null)
        {
            writer.Nest(LinkAttribute.Info, info => info
                .Text(LinkAttribute.InfoSlaveKind, "bridge")
                .Nest(LinkAttribute.InfoSlaveData, flags));
        }
    }

    private static void AddressGeneration(NetlinkWriter writer, bool linkLocal)
    {
        if (Ipv6.IsAvailable)
        {
            writer.Nest(LinkAttribute.FamilySpecific, families => families
                .Nest(AF_INET6, inet6 => inet6
                    .Byte(LinkAttribute.Inet6AddressGeneration, linkLocal ? IN6_ADDR_GEN_MODE_EUI64 : IN6_ADDR_GEN_MODE_NONE)));
        }
    }

    // Hairpin lets a container reach its own published port by the host's address where br_netfilter translates within the bridge.
    private static Action<NetlinkWriter> PortFlags(bool isolated) => port => port
        .Byte(LinkAttribute.PortHairpin, 1)
        .Byte(LinkAttribute.PortIsolated, isolated ? (byte)1 : (byte)0);

    private static NetlinkWriter Link(ushort type, ushort flags, LinkReference link, uint state) =>
        new NetlinkWriter().Begin(type, flags, LinkHeader(link.Index, state), link, 4);

    // struct ifinfomsg
    private static byte[] LinkHeader(int index, uint state)
    {
        var header = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), index);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), state);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), state); // ifi_change: the flags that count
        return header;
    }

    private static NetlinkWriter Mtu(NetlinkWriter writer, int mtu) => mtu == 0 ? writer : writer.Number(LinkAttribute.Mtu, (uint)mtu);

    // A veth makes one for each processor and, unless it is told a number, takes all but the first away again, which waits for all of them.
    private static NetlinkWriter OneQueue(NetlinkWriter writer) =>
        writer.Number(LinkAttribute.TransmitQueues, 1).Number(LinkAttribute.ReceiveQueues, 1);

    private static NetlinkWriter AddressHeader(ushort type, ushort flags, LinkReference link, IPAddress address, int prefixLength)
    {
        var header = new byte[8]; // struct ifaddrmsg
        header[0] = Family(address.AddressFamily);
        header[1] = (byte)prefixLength;
        header[2] = address.AddressFamily == AddressFamily.InterNetworkV6 ? IFA_F_NODAD : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), link.Index);
        return new NetlinkWriter().Begin(type, flags, header, link, 4)
            .Address(AddressAttribute.Local, address)
            .Address(AddressAttribute.Address, address);
    }

    private static byte[] Broadcast(IPAddress address, int prefixLength)
    {
        var bytes = address.GetAddressBytes();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, BinaryPrimitives.ReadUInt32BigEndian(bytes) | (uint)((1UL << (32 - prefixLength)) - 1));
        return bytes;
    }

    private static IPAddress Anywhere(IPAddress gateway) => gateway.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;

    private static NetlinkMessages RouteTo(
        ushort type, ushort flags, LinkReference link, IPAddress destination, int prefixLength, IPAddress? gateway, uint metric)
    {
        var header = new byte[12]; // struct rtmsg
        header[0] = Family(destination.AddressFamily);
        header[1] = (byte)prefixLength;
        header[4] = RT_TABLE_MAIN;
        header[5] = RTPROT_STATIC;
        header[6] = gateway is null ? RT_SCOPE_LINK : (byte)0;
        header[7] = RTN_UNICAST;
        var writer = new NetlinkWriter().Begin(type, flags, header, LinkReference.At(0), 0);
        if (prefixLength > 0)
        {
            writer.Address(RouteAttribute.Destination, destination);
        }

        if (gateway is not null)
        {
            writer.Address(RouteAttribute.Gateway, gateway);
        }

        if (metric != 0)
        {
            writer.Number(RouteAttribute.Priority, metric);
        }

        return writer.Link(RouteAttribute.OutgoingLink, link).End().Messages(NetlinkProtocol.Route);
    }

    private static void RequireName(string name, int longest)
    {
        if (name.Length == 0 || name.Length > longest)
        {
            throw new CanException("InterfaceNameInvalid", CanErrorCategory.InvalidArgument,
                $"'{name}' cannot be the name of an interface: it has {name.Length} characters, and 1 to {longest} are possible.", name);
        }
    }
}
