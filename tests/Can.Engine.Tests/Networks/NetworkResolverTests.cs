using Can.Engine.Networks;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Tests.Networks;

/// <summary>What becomes of a wish for a network.</summary>
public sealed class NetworkResolverTests
{
    private static readonly string Id = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));

    private static readonly NetworkOptions Options = new() { Name = "web" };

    [Fact]
    public void Defaults()
    {
        var network = Resolve(Options);

        Assert.Equal(("web", Id, "can-0123456789a"), (network.Name, network.Id, network.Interface));
        Assert.Equal(("10.87.0.0/22", "10.87.0.1"), (network.IPv4.Subnet.ToString(), network.IPv4.Gateway));
        Assert.Null(network.IPv6);
        Assert.Equal((0, false, false), (network.Mtu, network.Internal, network.Isolate));
    }

    [Fact]
    public void Everything_given()
    {
        var network = Resolve(Options with
        {
            Subnets = ["fd00:5::/64", "192.168.10.0/24"],
            Gateways = ["192.168.10.254", "fd00:5::fe"],
            IPRanges = ["192.168.10.128/25"],
            Mtu = 1400,
            Internal = true,
            Isolate = true,
            Options = new Dictionary<string, string> { ["interface"] = "br-web" },
        });

        Assert.Equal(["192.168.10.0/24", "fd00:5::/64"], network.Pools.Select(pool => pool.Subnet.ToString()));
        Assert.Equal(["192.168.10.254", "fd00:5::fe"], network.Pools.Select(pool => pool.Gateway));
        Assert.Equal("192.168.10.128/25", $"{network.IPv4.IPRange}");
        Assert.Equal((1400, true, true, "br-web"), (network.Mtu, network.Internal, network.Isolate, network.Interface));
    }

    [Fact]
    public void Asking_for_IPv6_gives_a_unique_local_subnet()
    {
        var sixth = Resolve(Options with { IPv6 = true }).IPv6!;

        Assert.Equal(("fd01:2345:6789:abcd::/64", "fd01:2345:6789:abcd::1"), (sixth.Subnet.ToString(), sixth.Gateway));
    }

    [Fact]
    public void A_chosen_subnet_is_clear_of_all_that_are_taken() => Assert.Equal(
        "10.87.8.0/22", $"{Resolve(Options, Taken("10.87.0.0/22"), Taken("10.87.4.0/30")).IPv4.Subnet}");

    [Fact]
    public void A_public_subnet_has_to_be_called_so() => Assert.Equal("8.8.8.0/24", $"{Resolve(Options with
    {
        Subnets = ["8.8.8.0/24"],
        Options = new Dictionary<string, string> { ["public"] = "true" },
    }).IPv4.Subnet}");

    public static TheoryData<string, NetworkOptions> Mistakes => new()
    {
        { "NetworkNameInvalid", Options with { Name = "a b" } },
        { "NetworkNameInvalid", Options with { Name = "" } },
        { "NetworkNameInvalid", Options with { Name = "../x" } },
        { "NetworkNameInvalid", Options with { Name = "none" } },
        { "NetworkNameInvalid", Options with { Name = "Host" } },
        { "NetworkNameInvalid", Options with { Name = new string('a', 65) } },
        { "NetworkDriverUnknown", Options with { Driver = "overlay" } },
        { "NetworkSubnetInvalid", Options with { Subnets = ["192.168.10.1/24"] } },
        { "NetworkSubnetInvalid", Options with { Subnets = ["192.168.10.0"] } },
        { "NetworkSubnetInvalid", Options with { Subnets = ["10.1.0.0/16", "10.2.0.0/16"] } },
        { "NetworkSubnetTooSmall", Options with { Subnets = ["192.168.10.0/31"] } },
        { "NetworkSubnetTooSmall", Options with { Subnets = ["fd00::/127"] } },
        { "NetworkSubnetPublic", Options with { Subnets = ["8.8.8.0/24"] } },
        { "NetworkSubnetPublic", Options with { Subnets = ["127.0.0.0/8"] } },
        { "NetworkSubnetPublic", Options with { Subnets = ["0.0.0.0/0"] } },
        { "NetworkSubnetInUse", Options with { Subnets = ["192.168.0.0/16"] } },
        { "NetworkGatewayInvalid", Options with { Subnets = ["192.168.10.0/24"], Gateways = ["192.168.11.1"] } },
        { "NetworkGatewayInvalid", Options with { Subnets = ["192.168.10.0/24"], Gateways = ["192.168.10.0"] } },
        { "NetworkGatewayInvalid", Options with { Subnets = ["192.168.10.0/24"], Gateways = ["192.168.10.255"] } },
        { "NetworkGatewayInvalid", Options with { Gateways = ["10.87.0.1", "10.87.0.2"] } },
        { "NetworkGatewayInvalid", Options with { Gateways = ["fd00::1"] } },
        { "IPAddressInvalid", Options with { Gateways = ["gateway"] } },
        { "NetworkIPRangeInvalid", Options with { Subnets = ["192.168.10.0/24"], IPRanges = ["192.168.11.0/25"] } },
        { "NetworkIPRangeInvalid", Options with { Subnets = ["192.168.10.0/24"], IPRanges = ["192.168.0.0/16"] } },
        { "NetworkIPRangeInvalid", Options with { Subnets = ["192.168.10.0/24"], IPRanges = ["192.168.10.1/32"] } },
        { "NetworkIPRangeInvalid", Options with { Subnets = ["192.168.10.0/24"], IPRanges = ["x"] } },
        { "NetworkIPRangeInvalid", Options with { IPRanges = ["fd00::/80"] } },
        { "NetworkMtuInvalid", Options with { Mtu = 67 } },
        { "NetworkMtuInvalid", Options with { Mtu = 65536 } },
        { "NetworkMtuInvalid", Options with { Mtu = 1279, IPv6 = true } },
        { "NetworkOptionInvalid", Options with { Options = new Dictionary<string, string> { ["colour"] = "red" } } },
        { "NetworkOptionInvalid", Options with { Options = new Dictionary<string, string> { ["public"] = "perhaps" } } },
        { "NetworkInterfaceInvalid", Options with { Options = new Dictionary<string, string> { ["interface"] = "sixteen-letters-" } } },
        { "NetworkInterfaceInvalid", Options with { Options = new Dictionary<string, string> { ["interface"] = "a/b" } } },
        { "NetworkInterfaceInvalid", Options with { Options = new Dictionary<string, string> { ["interface"] = "lo" } } },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void Mistakes_are_refused(string errorId, NetworkOptions options) =>
        EngineFixture.Fails(errorId, () => Resolve(options, Taken("192.168.44.0/24")));

    [Fact]
    public void An_overlap_names_who_is_in_the_way()
    {
        var error = EngineFixture.Fails("NetworkSubnetInUse", () => Resolve(Options with { Subnets = ["192.168.0.0/16"] }, Taken("192.168.44.0/24")));

        Assert.Contains("192.168.44.0/24, which the network 'other' uses", error.Message, StringComparison.Ordinal);
    }

    private static NetworkDefinition Resolve(NetworkOptions options, params TakenSubnet[] taken) =>
        NetworkResolver.Resolve(options, Id, null, DateTimeOffset.UnixEpoch, taken);

    private static TakenSubnet Taken(string text)
    {
        Assert.True(Subnet.TryParse(text, out var subnet));
        return new(subnet, "the network 'other'");
    }
}
