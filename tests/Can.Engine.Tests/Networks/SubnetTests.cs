using System.Net;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Tests.Networks;

/// <summary>Arithmetic of subnets, and which of them the engine chooses.</summary>
public sealed class SubnetTests
{
    [Theory]
    [InlineData("192.168.10.0/24", "192.168.10.1", "192.168.10.254")]
    [InlineData("10.0.0.0/30", "10.0.0.1", "10.0.0.2")]
    [InlineData("10.87.0.0/16", "10.87.0.1", "10.87.255.254")]
    [InlineData("fd00::/126", "fd00::1", "fd00::3")]
    [InlineData("fd00:1::/64", "fd00:1::1", "fd00:1::ffff:ffff:ffff:ffff")]
    public void Hosts_of_a_subnet(string text, string first, string last)
    {
        var subnet = Parse(text);

        Assert.Equal(text, subnet.ToString());
        Assert.Equal(IPAddress.Parse(first), subnet.ToAddress(subnet.FirstHost));
        Assert.Equal(IPAddress.Parse(last), subnet.ToAddress(subnet.LastHost));
    }

    [Theory]
    [InlineData("192.168.10.1/24")]
    [InlineData("192.168.10.0")]
    [InlineData("192.168.10.0/33")]
    [InlineData("192.168.10/24")]
    [InlineData("192.168.10.0/-1")]
    [InlineData("192.168.10.0/ 24")]
    [InlineData("fd00::/129")]
    [InlineData("fd00::1/64")]
    [InlineData("fe80::%eth0/64")]
    [InlineData("x/24")]
    [InlineData("")]
    public void What_is_no_subnet(string text) => Assert.False(Subnet.TryParse(text, out _));

    [Fact]
    public void The_subnet_that_was_probably_meant_is_known()
    {
        Assert.False(Subnet.TryParse("192.168.10.7/24", out var meant));
        Assert.Equal("192.168.10.0/24", $"{meant}");
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.5.0.0/16", true)]
    [InlineData("10.5.0.0/16", "10.0.0.0/8", true)]
    [InlineData("10.5.0.0/16", "10.6.0.0/16", false)]
    [InlineData("0.0.0.0/0", "10.6.0.0/16", true)]
    [InlineData("::/0", "10.6.0.0/16", false)]
    [InlineData("fd00::/8", "fd12::/64", true)]
    public void Overlapping(string one, string other, bool overlaps)
    {
        Assert.Equal(overlaps, Parse(one).Overlaps(Parse(other)));
        Assert.Equal(overlaps, Parse(other).Overlaps(Parse(one)));
    }

    [Fact]
    public void The_first_subnet_that_is_clear_is_chosen()
    {
        Assert.Equal("10.87.0.0/22", $"{PrivateSpace.Choose([])}");
        Assert.Equal("10.87.4.0/22", $"{PrivateSpace.Choose([Parse("10.87.0.8/30")])}");
        Assert.Equal("172.28.0.0/22", $"{PrivateSpace.Choose([Parse("10.0.0.0/8")])}");
        Assert.Null(PrivateSpace.Choose([Parse("0.0.0.0/0")]));
    }

    [Fact]
    public void Unique_local_subnets_follow_from_the_id() =>
        Assert.Equal("fd12:3456:789a:bcde::/64", $"{PrivateSpace.UniqueLocal("123456789abcde" + new string('f', 50))}");

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("192.168.10.0/24", true)]
    [InlineData("100.64.0.0/24", true)]
    [InlineData("172.32.0.0/16", false)]
    [InlineData("8.8.8.0/24", false)]
    [InlineData("127.0.0.0/24", false)]
    [InlineData("169.254.0.0/24", false)]
    [InlineData("224.0.0.0/24", false)]
    [InlineData("fd00::/64", true)]
    [InlineData("fe80::/64", false)]
    [InlineData("2a00::/64", false)]
    public void Private_addresses(string text, bool isPrivate) => Assert.Equal(isPrivate, PrivateSpace.Contains(Parse(text)));

    private static Subnet Parse(string text)
    {
        _ = Subnet.TryParse(text, out var subnet);
        return subnet!;
    }
}
