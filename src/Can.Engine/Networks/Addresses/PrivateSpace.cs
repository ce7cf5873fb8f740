namespace Can.Engine.Networks.Addresses;

/// <summary>Addresses that mean nothing on the internet, so that a network of containers may use them.</summary>
/// <remarks>IANA IPv4 and IPv6 Special-Purpose Address Registries; RFC 1918, 6598, 2544, 5737, 4193, 3849.</remarks>
internal static class PrivateSpace
{
    /// <summary>
    /// Size of a subnet that the engine chooses: a bridge has 1,024 ports at most (BR_MAX_PORTS of the kernel), and this is as many addresses.
    /// </summary>
    private const int ChosenPrefix = 22;

    private static readonly Subnet[] Blocks = [.. new[]
    {
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15",
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "fc00::/7", "2001:db8::/32",
    }.Select(Parse)];

    /// <summary>What is chosen from, in this order; Docker's and Podman's own choices come last or not at all.</summary>
    private static readonly Subnet[] Pools = [.. new[] { "10.87.0.0/16", "172.28.0.0/14", "192.168.128.0/17" }.Select(Parse)];

    /// <summary>Whether all addresses of a subnet are private.</summary>
    public static bool Contains(Subnet subnet) => Array.Exists(Blocks, block => block.Contains(subnet));

    /// <summary>The first IPv4 subnet to choose from that none of these overlaps; null if there is none.</summary>
    public static Subnet? Choose(IReadOnlyCollection<Subnet> taken) =>
        Pools.SelectMany(Parts).FirstOrDefault(part => !taken.Any(part.Overlaps));

    /// <summary>A unique local IPv6 subnet that follows from an Id.</summary>
    /// <param name="id">Hexadecimal digits, at least 14; random, as RFC 4193 asks for.</param>
    public static Subnet UniqueLocal(string id)
    {
        var global = ulong.Parse(id.AsSpan(0, 14), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        return Subnet.At(new(0xFD00_0000_0000_0000 | global, 0), 64, isIPv6: true);
    }

    private static IEnumerable<Subnet> Parts(Subnet pool)
    {
        const ulong step = 1UL << (32 - ChosenPrefix);
        for (var first = pool.First; first <= pool.Last; first += step)
        {
            yield return Subnet.At(first, ChosenPrefix, isIPv6: false);
        }
    }

    private static Subnet Parse(string text) => Subnet.TryParse(text, out var subnet) ? subnet : throw new FormatException(text);
}
