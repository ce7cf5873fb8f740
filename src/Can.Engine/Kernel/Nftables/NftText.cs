using System.Net;
using System.Text;
using Can.Engine.Kernel.Netlink;

namespace Can.Engine.Kernel.Nftables;

/// <summary>Says what a message about elements asks for.</summary>
internal static class NftText
{
    /// <summary>What the sentence about elements that are added begins with.</summary>
    public const string Have = "have ";

    /// <summary>The same of elements that are deleted.</summary>
    public const string Remove = "remove ";

    /// <summary>A sentence; null for messages that only frame others, or only make a deletion harmless.</summary>
    public static string? Of(ushort type, ReadOnlySpan<byte> content)
    {
        if (type is not (NftMessages.NewElements or NftMessages.DeleteElements) || content.Length <= NftMessages.Header.Length)
        {
            return null;
        }

        var attributes = content[NftMessages.Header.Length..];
        var set = NetlinkAttributes.Text(attributes, NftMessages.ListSet);
        var elements = new List<string>();
        var list = NetlinkAttributes.Find(attributes, NftMessages.ListElements);
        for (; NetlinkAttributes.Next(list, out _, out var element, out var rest); list = rest)
        {
            if (NetlinkAttributes.Find(element, NftMessages.ElementFlags).Length == 0)
            {
                elements.Add(Element(set, element));
            }
        }

        var verb = type == NftMessages.NewElements ? Have : Remove;
        var where = $"{set} of nftables table {NetlinkAttributes.Text(attributes, NftMessages.ListTable)}";
        return $"{verb}{string.Join(", ", elements)} in {where}";
    }

    private static string Element(string set, ReadOnlySpan<byte> element)
    {
        var key = NetlinkAttributes.Find(NetlinkAttributes.Find(element, NftMessages.ElementKey), NftMessages.DataValue);
        var data = NetlinkAttributes.Find(NetlinkAttributes.Find(element, NftMessages.ElementData), NftMessages.DataValue);
        if (MapElement.ToTranslation(set, key, data) is { } port)
        {
            return $"{PortText.Of(port.HostAddress, port.HostPort, port.Protocol)} → {new IPEndPoint(port.Address, port.Port)}";
        }

        return key.Length is 4 || (key.Length is 16 && set.EndsWith('6'))
            ? new IPAddress(key).ToString()
            : Encoding.ASCII.GetString(key[..Math.Min(key.Length, 16)].TrimEnd((byte)0));
    }
}
