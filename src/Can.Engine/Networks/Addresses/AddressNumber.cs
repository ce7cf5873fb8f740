using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Can.Engine.Networks.Addresses;

/// <summary>Addresses as numbers, so that ranges of both families are walked by the same arithmetic.</summary>
internal static class AddressNumber
{
    private const int IPv4Bytes = 4;
    private const int IPv6Bytes = 16;

    /// <summary>The number of an address: 32 bits of IPv4, 128 of IPv6.</summary>
    public static AddressValue Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[IPv6Bytes];
        _ = address.TryWriteBytes(bytes, out var length);
        return length == IPv4Bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : new AddressValue(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[(IPv6Bytes / 2)..]));
    }

    /// <summary>The address of a number.</summary>
    public static IPAddress ToAddress(AddressValue number, bool isIPv6)
    {
        Span<byte> bytes = stackalloc byte[IPv6Bytes];
        if (isIPv6)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, number.High);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[(IPv6Bytes / 2)..], number.Low);
            return new IPAddress(bytes);
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number.Low);
        return new IPAddress(bytes[..IPv4Bytes]);
    }

    /// <summary>Reads an address in its usual form only: not 10.1 or 0x0a000001, nor one with a zone.</summary>
    public static bool TryParse(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (TryParseDotted(text) is { } dotted)
        {
            address = dotted;
            return true;
        }

        if (!IPAddress.TryParse(text, out var parsed) || text.Contains('%', StringComparison.Ordinal) || text.Contains('[', StringComparison.Ordinal))
        {
            return false;
        }

        address = parsed;
        return parsed.AddressFamily == AddressFamily.InterNetworkV6;
    }

    /// <summary>
    /// Reads an IPv4 address of four decimal numbers without leading zeros; null for any other text. The class library's own parser is
    /// generic in a way that has to be compiled when it first runs, and every start reads addresses.
    /// </summary>
    public static IPAddress? TryParseDotted(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[IPv4Bytes];
        for (var index = 0; index < IPv4Bytes; index++)
        {
            var dot = text.IndexOf('.');
            var part = dot < 0 ? text : text[..dot];
            if (dot < 0 != (index == IPv4Bytes - 1) || part is ['0', _, ..] || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out bytes[index]))
            {
                return null;
            }

            text = text[(dot + 1)..];
        }

        return new IPAddress(bytes);
    }
}
