using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Can.Engine.Networks.Addresses;

/// <summary>A block of addresses that have a prefix in common, such as 192.168.10.0/24.</summary>
[JsonConverter(typeof(SubnetConverter))]
public sealed record Subnet
{
    private Subnet(AddressValue first, int prefixLength, bool isIPv6) => (First, PrefixLength, IsIPv6) = (first, prefixLength, isIPv6);

    /// <summary>Bits that all addresses have in common.</summary>
    public int PrefixLength { get; }

    /// <summary>Whether these are IPv6 addresses.</summary>
    public bool IsIPv6 { get; }

    /// <summary>The block's first address as a number; it names the network and belongs to no host.</summary>
    internal AddressValue First { get; }

    /// <summary>The block's last address as a number; of IPv4 it is the broadcast address.</summary>
    internal AddressValue Last => First | HostMask(PrefixLength, IsIPv6);

    /// <summary>First address a host can have.</summary>
    internal AddressValue FirstHost => First + 1;

    /// <summary>Last address a host can have.</summary>
    internal AddressValue LastHost => IsIPv6 ? Last : Last - 1;

    /// <summary>The block that an address belongs to.</summary>
    internal static Subnet Around(IPAddress address, int prefixLength)
    {
        var isIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        return new(AddressNumber.Of(address) & ~HostMask(prefixLength, isIPv6), prefixLength, isIPv6);
    }

    /// <summary>The block that begins at a number.</summary>
    internal static Subnet At(AddressValue first, int prefixLength, bool isIPv6) => new(first & ~HostMask(prefixLength, isIPv6), prefixLength, isIPv6);

    /// <summary>Reads <c>ADDRESS/LENGTH</c>; bits beyond the prefix must be 0.</summary>
    /// <param name="text">The text.</param>
    /// <param name="subnet">The block; where only the bits beyond the prefix were wrong, the one that was probably meant.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out Subnet? subnet)
    {
        ArgumentNullException.ThrowIfNull(text);
        subnet = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !AddressNumber.TryParse(text[..slash], out var address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > Bits(address.AddressFamily == AddressFamily.InterNetworkV6))
        {
            return false;
        }

        subnet = Around(address, length);
        return subnet.First == AddressNumber.Of(address);
    }

    /// <summary>Whether an address is in the block.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.AddressFamily == AddressFamily.InterNetworkV6 == IsIPv6
            && (AddressNumber.Of(address) & ~HostMask(PrefixLength, IsIPv6)) == First;
    }

    /// <summary>Whether all addresses of another block are in this one.</summary>
    public bool Contains(Subnet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.IsIPv6 == IsIPv6 && other.PrefixLength >= PrefixLength && (other.First & ~HostMask(PrefixLength, IsIPv6)) == First;
    }

    /// <summary>Whether the two have an address in common.</summary>
    public bool Overlaps(Subnet other) => Contains(other) || other.Contains(this);

    /// <summary>Whether it is the same block; what the compiler makes of it looks for a comparer of each type first.</summary>
    public bool Equals(Subnet? other) => other is not null && other.First == First && other.PrefixLength == PrefixLength && other.IsIPv6 == IsIPv6;

    /// <inheritdoc/>
    public override int GetHashCode() => First.GetHashCode() ^ PrefixLength;

    /// <summary>The same as the class library has it.</summary>
    internal IPNetwork ToNetwork() => new(ToAddress(First), PrefixLength);

    /// <summary>The address at a number.</summary>
    internal IPAddress ToAddress(AddressValue number) => AddressNumber.ToAddress(number, IsIPv6);

    /// <summary>The text form, such as 192.168.10.0/24.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ToAddress(First).ToText()}/{PrefixLength}");

    private static int Bits(bool isIPv6) => isIPv6 ? 128 : 32;

    private static AddressValue HostMask(int prefixLength, bool isIPv6) => AddressValue.LowestBits(Bits(isIPv6) - prefixLength);
}

/// <summary>A subnet as text in the store.</summary>
internal sealed class SubnetConverter : JsonConverter<Subnet>
{
    /// <inheritdoc/>
    public override Subnet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Subnet.TryParse(reader.GetString() ?? "", out var subnet) ? subnet : throw new JsonException("a subnet such as 192.168.10.0/24 is expected");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Subnet value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
