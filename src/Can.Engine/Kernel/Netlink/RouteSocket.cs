using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;

namespace Can.Engine.Kernel.Netlink;

/// <summary>A socket to rtnetlink in the network namespace of the thread that makes it. Not for several threads at once.</summary>
internal sealed class RouteSocket : IDisposable
{
    private const ushort NLM_F_REQUEST = 1;
    private const ushort NLM_F_DUMP = 0x300;
    private const byte RT_TABLE_LOCAL = 255;
    private const byte RTN_UNICAST = 1;
    private const int AddressHeaderLength = 8; // struct ifaddrmsg
    private const int LinkHeaderLength = 16; // struct ifinfomsg
    private const int RouteHeaderLength = 12; // struct rtmsg

    private readonly NetlinkSocket socket = new(NetlinkProtocol.Route);

    /// <summary>Sends messages at once; later ones are carried out even where an earlier one fails.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="what">What it is about, for the error: <c>Making the bridge can0</c>.</param>
    /// <exception cref="CanException"><c>NetlinkFailed</c>: the kernel refused one; its own words are in the message.</exception>
    public void Send(NetlinkMessages messages, string what = "Changing the network") => socket.Send(messages, what);

    /// <summary>As <see cref="Send"/>, but the first error is returned: 0 or a value of errno.</summary>
    public int TrySend(NetlinkMessages messages) => socket.TrySend(messages);

    /// <inheritdoc cref="NetlinkSocket.Words"/>
    public string? Words => socket.Words;

    /// <summary>All interfaces of the namespace.</summary>
    public IReadOnlyList<LinkDescription> ListLinks() =>
        [.. List(LinkMessage.Get, LinkHeaderLength, LinkMessage.New, "Listing the interfaces").Select(ReadLink)];

    /// <summary>One interface; null when there is none of that name.</summary>
    public LinkDescription? FindLink(string name)
    {
        var request = new NetlinkWriter().Begin(LinkMessage.Get, NLM_F_REQUEST, new byte[LinkHeaderLength])
            .Text(LinkAttribute.Name, name).End().Messages(NetlinkProtocol.Route);
        return socket.TryGet(request, out var content) switch
        {
            0 => ReadLink(content),
            Errno.ENODEV => null,
            var errno => throw NetlinkSocket.Failure($"Looking for the interface {name}", errno, socket.Words),
        };
    }

    /// <summary>All addresses, IPv4 and IPv6.</summary>
    public IReadOnlyList<AddressDescription> ListAddresses() =>
        [.. List(RouteMessage.GetAddress, AddressHeaderLength, RouteMessage.NewAddress, "Listing the addresses").Select(ReadAddress)];

    /// <summary>All unicast routes of all tables but the local one, IPv4 and IPv6.</summary>
    public IReadOnlyList<RouteDescription> ListRoutes() =>
        [.. List(RouteMessage.GetRoute, RouteHeaderLength, RouteMessage.NewRoute, "Listing the routes").Select(ReadRoute).OfType<RouteDescription>()];

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private IEnumerable<byte[]> List(ushort request, int headerLength, ushort answer, string what) =>
        socket.Dump(
                new NetlinkWriter().Begin(request, NLM_F_REQUEST | NLM_F_DUMP, new byte[headerLength]).End().Messages(NetlinkProtocol.Route), what)
            .Where(message => message.Type == answer && message.Content.Length >= headerLength)
            .Select(message => message.Content);

    private static LinkDescription ReadLink(byte[] content)
    {
        var attributes = content.AsSpan(LinkHeaderLength);
        var kind = NetlinkAttributes.Text(NetlinkAttributes.Find(attributes, LinkAttribute.Info), LinkAttribute.InfoKind);
        return new(
            BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(4)),
            NetlinkAttributes.Text(attributes, LinkAttribute.Name),
            kind.Length > 0 ? kind : null,
            BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(8)),
            (int)NetlinkAttributes.Number(attributes, LinkAttribute.Master),
            (int)NetlinkAttributes.Number(attributes, LinkAttribute.Mtu),
            new PhysicalAddress(NetlinkAttributes.Find(attributes, LinkAttribute.Address).ToArray()),
            (int)NetlinkAttributes.Number(attributes, LinkAttribute.Link));
    }

    // IFA_LOCAL is the address itself; IFA_ADDRESS is the other end's on a point-to-point link, and all there is for IPv6.
    private static AddressDescription ReadAddress(byte[] content)
    {
        var attributes = content.AsSpan(AddressHeaderLength);
        var local = NetlinkAttributes.Find(attributes, AddressAttribute.Local);
        return new(
            BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(4)),
            new IPAddress(local.Length > 0 ? local : NetlinkAttributes.Find(attributes, AddressAttribute.Address)),
            content[1]);
    }

    private static RouteDescription? ReadRoute(byte[] content)
    {
        var attributes = content.AsSpan(RouteHeaderLength);
        var table = NetlinkAttributes.Number(attributes, RouteAttribute.Table);
        if (content[7] != RTN_UNICAST || (table == 0 ? content[4] : table) == RT_TABLE_LOCAL)
        {
            return null;
        }

        var destination = NetlinkAttributes.Find(attributes, RouteAttribute.Destination);
        var any = content[0] == RouteMessages.Family(System.Net.Sockets.AddressFamily.InterNetwork) ? IPAddress.Any : IPAddress.IPv6Any;
        var gateway = NetlinkAttributes.Find(attributes, RouteAttribute.Gateway);
        return new(
            new IPNetwork(destination.Length > 0 ? new IPAddress(destination) : any, content[1]),
            gateway.Length > 0 ? new IPAddress(gateway) : null,
            (int)NetlinkAttributes.Number(attributes, RouteAttribute.OutgoingLink),
            NetlinkAttributes.Number(attributes, RouteAttribute.Priority));
    }
}
