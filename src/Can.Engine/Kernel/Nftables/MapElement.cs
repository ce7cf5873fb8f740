using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Can.Engine.Kernel.Nftables;

/// <summary>A published port: where connections arrive, and where they go.</summary>
/// <param name="HostAddress">Address of the host; 0.0.0.0 or :: for all of the family.</param>
/// <param name="HostPort">Port of the host.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Address">The container's address, of the same family.</param>
/// <param name="Port">The container's port.</param>
internal sealed record PortTranslation(IPAddress HostAddress, int HostPort, TransportProtocol Protocol, IPAddress Address, int Port);

/// <summary>An element of one of the sets and maps of Can's table (see <see cref="TableText"/>), in the kernel's form.</summary>
/// <param name="Set">Name of the set or map.</param>
/// <param name="Key">The key: every field in network byte order and padded to 4 bytes.</param>
/// <param name="Data">What the key is mapped to, likewise; empty in a set.</param>
/// <param name="EndKey">Of a set of address ranges: the first key behind the range; empty elsewhere, and where nothing is behind it.</param>
internal sealed record MapElement(string Set, byte[] Key, byte[] Data, byte[] EndKey)
{
    internal const int NameLength = 16; // IFNAMSIZ

    /// <summary>A published port.</summary>
    public static MapElement Published(PortTranslation port)
    {
        var family = port.HostAddress.AddressFamily;
        if (port.Address.AddressFamily != family)
        {
            throw new ArgumentException($"{port.HostAddress} and {port.Address} are of different IP versions.", nameof(port));
        }

        var everywhere = port.HostAddress.Equals(IPAddress.Any) || port.HostAddress.Equals(IPAddress.IPv6Any);
        return new(
            SetNames.Of(everywhere ? SetNames.Everywhere : SetNames.Published, family),
            [.. everywhere ? [] : port.HostAddress.GetAddressBytes(), (byte)port.Protocol, 0, 0, 0, .. Port(port.HostPort)],
            [.. port.Address.GetAddressBytes(), .. Port(port.Port)], []);
    }

    /// <summary>A bridge of Can's: forwarding to it is closed but for published ports and answers.</summary>
    public static MapElement Bridge(string name) => new(SetNames.Bridges, Name(name), [], []);

    /// <summary>The bridge's containers may exchange packets (left out for <c>-Isolate</c>).</summary>
    public static MapElement Within(string bridge) => new(SetNames.Within, [.. Name(bridge), .. Name(bridge)], [], []);

    /// <summary>Nothing from this bridge leaves it (<c>-Internal</c>).</summary>
    public static MapElement Internal(string bridge) => new(SetNames.Internal, Name(bridge), [], []);

    /// <summary>A network's subnet: what comes from there to a published port takes the gateway's address (hairpin).</summary>
    public static MapElement Subnet(IPNetwork subnet) => Range(SetNames.Subnets, subnet);

    /// <summary>A subnet whose packets take the host's address when they leave for elsewhere (left out for <c>-Internal</c>).</summary>
    public static MapElement Masqueraded(IPNetwork subnet) => Range(SetNames.Masqueraded, subnet);

    /// <summary>The published port that an element of a map stands for; null for one that is none.</summary>
    internal static PortTranslation? ToTranslation(string map, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        var addressLength = map.EndsWith('6') ? 16 : 4;
        var everywhere = map.StartsWith(SetNames.Everywhere, StringComparison.Ordinal);
        if (key.Length != (everywhere ? 8 : addressLength + 8) || data.Length < addressLength + 2)
        {
            return null;
        }

        var host = everywhere ? (addressLength == 16 ? IPAddress.IPv6Any : IPAddress.Any) : new IPAddress(key[..addressLength]);
        return new(host, BinaryPrimitives.ReadUInt16BigEndian(key[^4..]), (TransportProtocol)key[^8],
            new IPAddress(data[..addressLength]), BinaryPrimitives.ReadUInt16BigEndian(data[addressLength..]));
    }

    private static byte[] Port(int port) => [(byte)(port >> 8), (byte)port, 0, 0];

    private static byte[] Name(string name)
    {
        var bytes = new byte[NameLength];
        Encoding.ASCII.GetBytes(name, bytes.AsSpan(0, NameLength - 1));
        return bytes;
    }

    private static MapElement Range(string set, IPNetwork subnet)
    {
        var first = subnet.BaseAddress.GetAddressBytes();
        var end = (byte[])first.Clone();
        var position = subnet.PrefixLength - 1;
        for (var carry = true; carry && position >= 0; position--)
        {
            var bit = (byte)(0x80 >> (position % 8));
            end[position / 8] ^= bit;
            carry = (end[position / 8] & bit) == 0;
        }

        // All zero: the range reaches to the last address, and there is no end to mark.
        return new(SetNames.Of(set, subnet.BaseAddress.AddressFamily), first, [], end.AsSpan().ContainsAnyExcept((byte)0) ? end : []);
    }
}

/// <summary>Names of the sets and maps of Can's table.</summary>
internal static class SetNames
{
    public const string Bridges = "bridges";
    public const string Within = "within";
    public const string Internal = "internal";
    public const string Subnets = "subnets";
    public const string Masqueraded = "masqueraded";
    public const string Published = "published";
    public const string Everywhere = "everywhere";

    /// <summary>The one for an address family: <c>published4</c>, <c>published6</c>.</summary>
    public static string Of(string name, AddressFamily family) => name + (family == AddressFamily.InterNetworkV6 ? "6" : "4");
}
