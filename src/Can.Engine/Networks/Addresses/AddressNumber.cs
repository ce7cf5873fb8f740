using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Can.Engine.Networks.Addresses;

/// <summary>Addresses as numbers, so that ranges of both families are walked by the same arithmetic.</summary>
internal static class AddressNumber
{
    private const int IPv4Bytes = 4;
    private const int IPv6Bytes = 16;

    /// <summary>The number of an address: 32 bits of IPv4, 128 of IPv6.</summary>
    public static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[IPv6Bytes];
        _ = address.TryWriteBytes(bytes, out var length);
        return length == IPv4Bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The address of a number.</summary>
    public static IPAddress ToAddress(UInt128 number, bool isIPv6)
    {
        Span<byte> bytes = stackalloc byte[IPv6Bytes];
        if (isIPv6)
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
            return new IPAddress(bytes);
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number);
        return new IPAddress(bytes[..IPv4Bytes]);
    }

    /// <summary>Reads an address in its usual form only: not 10.1 or 0x0a000001, nor one with a zone.</summary>
    public static bool TryParse(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (!IPAddress.TryParse(text, out var parsed) || text.Contains('%', StringComparison.Ordinal) || text.Contains('[', StringComparison.Ordinal))
        {
            return false;
        }

        address = parsed;
        return parsed.AddressFamily == AddressFamily.InterNetworkV6 || parsed.ToString() == text;
    }
}
