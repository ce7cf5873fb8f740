using System.Buffers.Binary;
using System.Net;
using Can.Engine.Kernel.Nftables;

namespace Can.Engine.Kernel.Netlink;

/// <summary>Says what netlink messages ask for, in the order in which they are sent; for the text of a plan.</summary>
internal static class NetlinkText
{
    private const int HeaderLength = 16; // struct nlmsghdr
    private const int LinkHeaderLength = 16; // struct ifinfomsg
    private const uint IFF_UP = 1;

    /// <summary>A sentence.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="protocol">Where they go.</param>
    /// <param name="slots">The slots, as arguments of a step have them.</param>
    public static string Describe(byte[] messages, int protocol, IReadOnlyList<ulong> slots)
    {
        var parts = new List<string>();
        for (var at = 0; at + HeaderLength <= messages.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(messages.AsSpan(at));
            if (length < HeaderLength || length > messages.Length - at)
            {
                break;
            }

            var type = BinaryPrimitives.ReadUInt16LittleEndian(messages.AsSpan(at + 4));
            var reader = new Reader(messages, at, length, slots);
            if ((protocol == (int)NetlinkProtocol.Route ? OfRoute(type, reader) : NftText.Of(type, reader.Content)) is { } text && !parts.Contains(text))
            {
                parts.Add(text);
            }

            at += (length + 3) & ~3;
        }

        // A deletion adds each element first, so that one that is gone is no error (ElementMessages.Delete).
        parts.RemoveAll(part => part.StartsWith(NftText.Have, StringComparison.Ordinal) && parts.Contains(NftText.Remove + part[NftText.Have.Length..]));
        return parts.Count > 0 ? string.Join("; ", parts) : $"send {messages.Length} bytes of netlink messages";
    }

    private static string? OfRoute(ushort type, Reader message) => type switch
    {
        LinkMessage.New => OfLink(message),
        LinkMessage.Delete => $"remove interface {NameOf(message)}",
        RouteMessage.NewAddress => $"add address {Address(message)} to {message.Link(4)}",
        RouteMessage.DeleteAddress => $"remove address {Address(message)} from {message.Link(4)}",
        RouteMessage.NewRoute => $"add route {Route(message)}",
        RouteMessage.DeleteRoute => $"remove route {Route(message)}",
        RouteMessage.NewNeighbour => $"add neighbour {new IPAddress(NetlinkAttributes.Find(message.Content[12..], NeighbourAttribute.Destination))}",
        _ => null,
    };

    private static string? OfLink(Reader message)
    {
        var attributes = message.Content[LinkHeaderLength..];
        var info = NetlinkAttributes.Find(attributes, LinkAttribute.Info);
        var kind = NetlinkAttributes.Text(info, LinkAttribute.InfoKind);
        var name = NameOf(message);
        var up = (BinaryPrimitives.ReadUInt32LittleEndian(message.Content[8..]) & IFF_UP) != 0;
        if (kind == "veth")
        {
            var peer = NetlinkAttributes.Find(NetlinkAttributes.Find(info, LinkAttribute.InfoData), LinkAttribute.VethPeer);
            var inside = peer.Length > LinkHeaderLength ? NetlinkAttributes.Text(peer[LinkHeaderLength..], LinkAttribute.Name) : "";
            var master = NetlinkAttributes.Number(attributes, LinkAttribute.Master);
            return $"make veth {name}{(master == 0 ? "" : $" on the bridge with index {master}")} with {inside} in NETWORK as its peer";
        }

        var isolated = NetlinkAttributes.Find(NetlinkAttributes.Find(info, LinkAttribute.InfoSlaveData), LinkAttribute.PortIsolated) is [1];
        var isStateGiven = (BinaryPrimitives.ReadUInt32LittleEndian(message.Content[12..]) & IFF_UP) != 0;
        return kind.Length > 0 ? $"make {kind} {name}"
            : isStateGiven ? $"set {name} {(up ? "up" : "down")}"
            : isolated ? $"isolate {name}" : null;
    }

    private static string NameOf(Reader message) =>
        message.Name(message.Content[LinkHeaderLength..]) is { Length: > 0 } given ? given : message.Link(4);

    private static string Address(Reader message) =>
        $"{new IPAddress(NetlinkAttributes.Find(message.Content[8..], AddressAttribute.Local))}/{message.Content[1]}";

    private static string Route(Reader message)
    {
        var attributes = message.Content[12..];
        var destination = NetlinkAttributes.Find(attributes, RouteAttribute.Destination);
        var gateway = NetlinkAttributes.Find(attributes, RouteAttribute.Gateway);
        return (destination.Length == 0 ? "default" : $"{new IPAddress(destination)}/{message.Content[1]}")
            + (gateway.Length == 0 ? "" : $" via {new IPAddress(gateway)}");
    }

    /// <summary>A message with what is known of its slots.</summary>
    private readonly ref struct Reader(byte[] messages, int begin, int length, IReadOnlyList<ulong> slots)
    {
        /// <summary>What follows the header.</summary>
        public ReadOnlySpan<byte> Content => messages.AsSpan(begin + HeaderLength, length - HeaderLength);

        /// <summary>The interface whose index is at an offset of the content.</summary>
        public string Link(int offset)
        {
            var place = begin + HeaderLength + offset;
            var slot = slots.FirstOrDefault(slot => slot >> 48 == (int)NetlinkSlotKind.LinkIndex && (uint)slot == place);
            var index = BinaryPrimitives.ReadInt32LittleEndian(Content[offset..]);
            return slot != 0 ? $"eth{(slot >> 32) & 0xFFFF}" : index == 1 ? "lo" : $"interface {index}";
        }

        /// <summary>The interface's name, with its slot as RUN.</summary>
        public string Name(ReadOnlySpan<byte> attributes)
        {
            var first = begin;
            var last = begin + length;
            var numbered = slots.Any(slot => slot >> 48 == (int)NetlinkSlotKind.RunNumber && (uint)slot >= first && (uint)slot < last);
            var name = NetlinkAttributes.Text(attributes, LinkAttribute.Name);
            return numbered && name.Length > 4 ? name[..^4] + "RUN" : name;
        }
    }
}
