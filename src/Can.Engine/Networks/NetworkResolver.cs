using System.Globalization;
using System.Net;
using Can.Engine.Containers.Options;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Networks;

/// <summary>A subnet that is in use, and by what.</summary>
/// <param name="Subnet">The subnet.</param>
/// <param name="User">Who uses it, as a phrase: <c>the network 'web'</c>, <c>a route of eth0</c>.</param>
internal sealed record TakenSubnet(Subnet Subnet, string User);

/// <summary>Makes a network's definition of what the caller asks for; reads and changes nothing.</summary>
internal static class NetworkResolver
{
    private const int LongestInterfaceName = 15; // IFNAMSIZ with its NUL is 16
    private const int IdDigitsInInterface = 11;
    private const int SmallestMtu = 68; // RFC 791
    private const int SmallestIPv6Mtu = 1280; // RFC 8200
    private const string InterfaceOption = "interface";
    private const string PublicOption = "public";
    private const string SubnetInvalid = "NetworkSubnetInvalid";

    /// <summary>The definition of a new network.</summary>
    /// <param name="options">What the caller asks for.</param>
    /// <param name="id">Its Id: 64 hexadecimal digits.</param>
    /// <param name="defaultInterface">Name of the bridge where the options name none; null for one made of the Id.</param>
    /// <param name="now">Its time of creation.</param>
    /// <param name="taken">Every subnet in use on this host.</param>
    /// <exception cref="CanException">
    /// <c>NetworkNameInvalid</c>, <c>NetworkDriverUnknown</c>, <c>NetworkSubnetInvalid</c>, <c>NetworkSubnetTooSmall</c>,
    /// <c>NetworkSubnetPublic</c>, <c>NetworkSubnetInUse</c>, <c>NetworkSubnetExhausted</c>, <c>NetworkGatewayInvalid</c>,
    /// <c>NetworkIPRangeInvalid</c>, <c>NetworkMtuInvalid</c>, <c>NetworkOptionInvalid</c>, <c>NetworkInterfaceInvalid</c>
    /// </exception>
    public static NetworkDefinition Resolve(
        NetworkOptions options, string id, string? defaultInterface, DateTimeOffset now, IReadOnlyList<TakenSubnet> taken)
    {
        NetworkName.Validate(options.Name);
        if (!options.Driver.Equals(NetworkOptions.BridgeDriver, StringComparison.OrdinalIgnoreCase))
        {
            throw OptionError.Invalid("NetworkDriverUnknown", "network driver", options.Driver, NetworkOptions.BridgeDriver);
        }

        var pools = Pools(options, id, taken);
        return new()
        {
            Id = id,
            Name = options.Name,
            CreatedAt = now,
            Interface = InterfaceOf(options, defaultInterface ?? $"can-{id[..IdDigitsInInterface]}"),
            Pools = pools,
            Mtu = MtuOf(options.Mtu, pools.Count > 1),
            Internal = options.Internal,
            Isolate = options.Isolate,
            Labels = options.Labels,
            Options = options.Options,
        };
    }

    private static List<AddressPool> Pools(NetworkOptions options, string id, IReadOnlyList<TakenSubnet> taken)
    {
        var mayBePublic = IsPublicAllowed(options.Options);
        var asked = options.Subnets.Select(text => SubnetOf(text, mayBePublic, taken)).ToList();
        var fourth = OnlyOne(asked, isIPv6: false, options.Subnets)
            ?? PrivateSpace.Choose([.. taken.Select(static used => used.Subnet)])
            ?? throw new CanException(
                "NetworkSubnetExhausted", CanErrorCategory.ResourceUnavailable,
                "Every subnet that could be chosen is in use on this host. Name one with -Subnet, or remove networks: Get-CanNetwork.", options.Name);
        var sixth = OnlyOne(asked, isIPv6: true, options.Subnets) ?? (options.IPv6 ? PrivateSpace.UniqueLocal(id) : null);
        var pools = new List<AddressPool> { PoolOf(fourth, options) };
        if (sixth is not null)
        {
            pools.Add(PoolOf(sixth, options));
        }

        RequireHomes(options, pools);
        return pools;
    }

    private static Subnet SubnetOf(string text, bool mayBePublic, IReadOnlyList<TakenSubnet> taken)
    {
        if (!Subnet.TryParse(text, out var subnet))
        {
            throw OptionError.Invalid(SubnetInvalid, "subnet", text,
                subnet is null ? "an address and the length of its prefix, such as 192.168.10.0/24" : $"nothing beyond the prefix, as in {subnet}");
        }

        if (subnet.PrefixLength > (subnet.IsIPv6 ? 126 : 30))
        {
            throw new CanException(
                "NetworkSubnetTooSmall", CanErrorCategory.InvalidArgument,
                $"The subnet {subnet} has no room for a bridge and a container. Give at least a {(subnet.IsIPv6 ? "/126" : "/30")}.", text);
        }

        if (!mayBePublic && !PrivateSpace.Contains(subnet))
        {
            throw new CanException(
                "NetworkSubnetPublic", CanErrorCategory.InvalidArgument,
                $"The subnet {subnet} is not private: hosts elsewhere may have its addresses. Take one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or fc00::/7; if these addresses are yours, say so: -Option @{{ {PublicOption} = 'true' }}.", text);
        }

        return taken.FirstOrDefault(used => used.Subnet.Overlaps(subnet)) is not { } other ? subnet : throw new CanException(
            "NetworkSubnetInUse", CanErrorCategory.ResourceExists,
            $"The subnet {subnet} overlaps {other.Subnet}, which {other.User} uses. Choose another one, or leave -Subnet out to have one chosen.", text);
    }

    private static Subnet? OnlyOne(List<Subnet> subnets, bool isIPv6, IReadOnlyList<string> texts)
    {
        var ofFamily = subnets.FindAll(subnet => subnet.IsIPv6 == isIPv6);
        return ofFamily.Count <= 1 ? ofFamily.FirstOrDefault() : throw OptionError.Invalid(
            SubnetInvalid, "list of subnets", string.Join(", ", texts), "at most one IPv4 and one IPv6 subnet");
    }

    private static AddressPool PoolOf(Subnet subnet, NetworkOptions options)
    {
        var gateway = options.Gateways.Select(AddressText.Parse).Where(address => address.IsIPv6() == subnet.IsIPv6).ToList() switch
        {
            [] => subnet.ToAddress(subnet.FirstHost),
            [var given] when IsHost(subnet, given) => given,
            var given => throw new CanException(
                "NetworkGatewayInvalid", CanErrorCategory.InvalidArgument,
                $"{string.Join(" and ", given)} cannot be the gateway of {subnet}. Give one address that a host of this subnet can have, such as {subnet.ToAddress(subnet.FirstHost)}.", given[0].ToString()),
        };
        var pool = new AddressPool { Subnet = subnet, Gateway = gateway.ToString(), IPRange = RangeOf(subnet, options.IPRanges) };
        return pool.First < pool.Last || pool.Allows(subnet.ToAddress(pool.First)) ? pool : throw InvalidRange(pool.IPRange!.ToString(), subnet);
    }

    private static Subnet? RangeOf(Subnet subnet, IReadOnlyList<string> texts)
    {
        Subnet? found = null;
        foreach (var text in texts)
        {
            if (!Subnet.TryParse(text, out var range))
            {
                throw InvalidRange(text, subnet);
            }

            if (range.IsIPv6 == subnet.IsIPv6)
            {
                found = found is null && subnet.Contains(range) ? range : throw InvalidRange(text, subnet);
            }
        }

        return found;
    }

    /// <summary>A gateway or range of a family that the network has no subnet of is a mistake, not a wish to be ignored.</summary>
    private static void RequireHomes(NetworkOptions options, List<AddressPool> pools)
    {
        var hasIPv6 = pools.Count > 1;
        if (!hasIPv6 && options.Gateways.FirstOrDefault(static text => text.Contains(':', StringComparison.Ordinal)) is { } gateway)
        {
            throw new CanException(
                "NetworkGatewayInvalid", CanErrorCategory.InvalidArgument, $"The gateway {gateway} needs an IPv6 subnet. Give one with -Subnet, or -IPv6.", gateway);
        }

        if (!hasIPv6 && options.IPRanges.FirstOrDefault(static text => text.Contains(':', StringComparison.Ordinal)) is { } range)
        {
            throw new CanException(
                "NetworkIPRangeInvalid", CanErrorCategory.InvalidArgument, $"The range {range} needs an IPv6 subnet. Give one with -Subnet, or -IPv6.", range);
        }
    }

    private static bool IsHost(Subnet subnet, IPAddress address)
    {
        var number = AddressNumber.Of(address);
        return subnet.Contains(address) && number >= subnet.FirstHost && number <= subnet.LastHost;
    }

    private static CanException InvalidRange(string text, Subnet subnet) => new(
        "NetworkIPRangeInvalid", CanErrorCategory.InvalidArgument,
        $"'{text}' is no range of addresses for containers in {subnet}. Give one part of that subnet, such as {Subnet.At(subnet.First, Math.Min(subnet.PrefixLength + 1, subnet.IsIPv6 ? 127 : 31), subnet.IsIPv6)}, with more in it than the gateway.", text);

    private static int MtuOf(int? mtu, bool hasIPv6)
    {
        var smallest = hasIPv6 ? SmallestIPv6Mtu : SmallestMtu;
        return mtu is not { } bytes ? 0
            : bytes >= smallest && bytes <= ushort.MaxValue ? bytes
            : throw OptionError.Invalid(
                "NetworkMtuInvalid", "MTU", bytes.ToString(CultureInfo.InvariantCulture), $"a number of bytes from {smallest} to {ushort.MaxValue}");
    }

    private static string InterfaceOf(NetworkOptions options, string made)
    {
        foreach (var (key, value) in options.Options)
        {
            if (key is not (InterfaceOption or PublicOption))
            {
                throw OptionError.Invalid("NetworkOptionInvalid", "network option", $"{key}={value}", $"{InterfaceOption}=NAME or {PublicOption}=true");
            }
        }

        if (!options.Options.TryGetValue(InterfaceOption, out var name))
        {
            return made;
        }

        // dev_valid_name of the kernel, and no name that a shell would take for an option.
        return name.Length is > 0 and <= LongestInterfaceName && name[0] != '-' && name is not ("." or "..") && name != "lo"
            && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_')
                ? name
                : throw OptionError.Invalid(
                    "NetworkInterfaceInvalid", "interface name", name, $"at most {LongestInterfaceName} of the characters a-z, A-Z, 0-9, '_', '.' and '-'");
    }

    private static bool IsPublicAllowed(IReadOnlyDictionary<string, string> options) =>
        options.TryGetValue(PublicOption, out var value) && value.ToUpperInvariant() switch
        {
            "TRUE" or "1" or "" => true,
            "FALSE" or "0" => false,
            _ => throw OptionError.Invalid("NetworkOptionInvalid", "network option", $"{PublicOption}={value}", $"{PublicOption}=true or {PublicOption}=false"),
        };
}
