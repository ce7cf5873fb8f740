using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Can.Engine.Networks.Addresses;

/// <summary>Addresses that a caller gives.</summary>
internal static class AddressText
{
    private const int MacBytes = 6;

    /// <summary>Reads an address.</summary>
    /// <exception cref="CanException"><c>IPAddressInvalid</c></exception>
    public static IPAddress Parse(string text) => AddressNumber.TryParse(text, out var address)
        ? address
        : throw Containers.Options.OptionError.Invalid("IPAddressInvalid", "IP address", text, "an IPv4 address such as 192.168.10.5, or an IPv6 address such as fd00::5");

    /// <summary>Reads a hardware address and gives it as six pairs of lower case digits.</summary>
    /// <exception cref="CanException"><c>MacAddressInvalid</c></exception>
    public static string Mac(string text)
    {
        var parts = text.Split(text.Contains('-', StringComparison.Ordinal) ? '-' : ':');
        var bytes = new byte[MacBytes];
        for (var index = 0; index < MacBytes; index++)
        {
            if (parts.Length != MacBytes || parts[index].Length is 0 or > 2
                || !byte.TryParse(parts[index], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[index]))
            {
                throw InvalidMac(text);
            }
        }

        // The lowest bit of the first byte means a group of stations.
        return (bytes[0] & 1) == 0 && bytes.Any(static value => value != 0) ? TextOf(bytes) : throw InvalidMac(text);
    }

    /// <summary>Whether an address is of the sixth version.</summary>
    public static bool IsIPv6(this IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>
    /// An address in its usual form. Of IPv4 without the class library's writer, which is generic in a way that has to be compiled when it
    /// first runs, and every start writes addresses.
    /// </summary>
    public static string ToText(this IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.IsIPv6() || !address.TryWriteBytes(bytes, out _) ? address.ToString() : $"{Decimal(bytes[0])}.{Decimal(bytes[1])}.{Decimal(bytes[2])}.{Decimal(bytes[3])}";
    }

    /// <summary>A hardware address as text.</summary>
    public static string TextOf(byte[] bytes) => BitConverter.ToString(bytes).Replace('-', ':').ToLowerInvariant();

    private static string Decimal(byte value) => ((int)value).ToString(CultureInfo.InvariantCulture);

    private static CanException InvalidMac(string text) => Containers.Options.OptionError.Invalid(
        "MacAddressInvalid", "MAC address", text, "six hexadecimal bytes such as 02:42:c0:a8:0a:05, the first one even");
}
