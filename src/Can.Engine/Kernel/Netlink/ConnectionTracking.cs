using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Can.Engine.Kernel.Nftables;

namespace Can.Engine.Kernel.Netlink;

/// <summary>
/// Takes entries out of the kernel's connection tracking. An entry keeps the translation of its first packet for as long as packets
/// come: a UDP client that goes on sending would for ever be led to where the port led when it began.
/// </summary>
/// <remarks>linux/netfilter/nfnetlink_conntrack.h; native/connections.c does the same for a monitor.</remarks>
internal static class ConnectionTracking
{
    private const ushort NLM_F_REQUEST = 1;
    private const ushort NLM_F_DUMP = 0x300;
    private const ushort IPCTNL_MSG_CT_GET = (1 << 8) | 1;
    private const ushort IPCTNL_MSG_CT_DELETE = (1 << 8) | 2;
    private const ushort CTA_TUPLE_ORIG = 1;
    private const ushort CTA_ID = 12;
    private const ushort CTA_ZONE = 18;
    private const ushort CTA_TUPLE_IP = 1;
    private const ushort CTA_TUPLE_PROTO = 2;
    private const ushort CTA_IP_V4_DST = 2;
    private const ushort CTA_IP_V6_DST = 4;
    private const ushort CTA_PROTO_NUM = 1;
    private const ushort CTA_PROTO_DST_PORT = 3;
    private const ushort CTA_FILTER = 25;
    private const ushort CTA_FILTER_ORIG_FLAGS = 1;
    private const uint FilterProtocolAndPort = (1 << 3) | (1 << 5); // CTA_FILTER_FLAG of PROTO_NUM and PROTO_DST_PORT
    private const ushort NestedFlag = 0x8000;
    private const int HeaderLength = 4; // struct nfgenmsg

    /// <summary>Forgets connections that began by asking for these ports, as far as they are of UDP.</summary>
    /// <exception cref="CanException"><c>NetlinkFailed</c></exception>
    public static void Forget(IEnumerable<PortTranslation> ports)
    {
        foreach (var port in ports.Where(static port => port.Protocol == TransportProtocol.Udp))
        {
            // What is found with the list's socket is deleted with another: answers would come between those of the list.
            using NetlinkSocket list = new(NetlinkProtocol.Netfilter), deleter = new(NetlinkProtocol.Netfilter);
            foreach (var (_, content) in list.Dump(Request(port), "Listing the tracked connections"))
            {
                if (AskedFor(content.AsSpan(HeaderLength), port))
                {
                    _ = deleter.TrySend(Deletion(content)); // one that has ended meanwhile is fine
                }
            }
        }
    }

    /// <summary>Asks for the connections to a port. A kernel older than 5.8 knows no filter and lists them all.</summary>
    private static NetlinkMessages Request(PortTranslation port)
    {
        Span<byte> flags = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(flags, FilterProtocolAndPort);
        var wanted = flags.ToArray();
        return new NetlinkWriter().Begin(IPCTNL_MSG_CT_GET, NLM_F_REQUEST | NLM_F_DUMP, Header(port.HostAddress.AddressFamily))
            .Nest(CTA_TUPLE_ORIG, tuple => tuple.Nest(CTA_TUPLE_PROTO, protocol => protocol
                .Byte(CTA_PROTO_NUM, (byte)port.Protocol).Bytes(CTA_PROTO_DST_PORT, NetworkOrder(port.HostPort))))
            .Nest(CTA_FILTER, filter => filter.Bytes(CTA_FILTER_ORIG_FLAGS, wanted))
            .End().Messages(NetlinkProtocol.Netfilter);
    }

    private static bool AskedFor(ReadOnlySpan<byte> attributes, PortTranslation port)
    {
        var original = NetlinkAttributes.Find(attributes, CTA_TUPLE_ORIG);
        var addresses = NetlinkAttributes.Find(original, CTA_TUPLE_IP);
        var protocol = NetlinkAttributes.Find(original, CTA_TUPLE_PROTO);
        var isIPv6 = port.HostAddress.AddressFamily == AddressFamily.InterNetworkV6;
        var destination = NetlinkAttributes.Find(addresses, isIPv6 ? CTA_IP_V6_DST : CTA_IP_V4_DST);
        var isAny = port.HostAddress.Equals(IPAddress.Any) || port.HostAddress.Equals(IPAddress.IPv6Any);
        return destination.Length > 0 && (isAny || destination.SequenceEqual(port.HostAddress.GetAddressBytes()))
            && NetlinkAttributes.Find(protocol, CTA_PROTO_NUM) is [var number] && number == (byte)port.Protocol
            && NetlinkAttributes.Find(protocol, CTA_PROTO_DST_PORT).SequenceEqual(NetworkOrder(port.HostPort));
    }

    private static NetlinkMessages Deletion(byte[] connection)
    {
        var writer = new NetlinkWriter().Begin(IPCTNL_MSG_CT_DELETE, NLM_F_REQUEST, connection.AsSpan(0, HeaderLength));
        foreach (var (type, flag) in (ReadOnlySpan<(ushort, ushort)>)[(CTA_TUPLE_ORIG, NestedFlag), (CTA_ZONE, 0), (CTA_ID, 0)])
        {
            if (NetlinkAttributes.Find(connection.AsSpan(HeaderLength), type) is { Length: > 0 } value)
            {
                writer.Bytes((ushort)(type | flag), value);
            }
        }

        return writer.End().Messages(NetlinkProtocol.Netfilter);
    }

    private static byte[] Header(AddressFamily family) => [(byte)(family == AddressFamily.InterNetworkV6 ? Libc.AF_INET6 : Libc.AF_INET), 0, 0, 0];

    private static byte[] NetworkOrder(int port) => [(byte)(port >> 8), (byte)port];
}
