using System.Net;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Tests.Networks;

public class AddressValueTests
{
    [Fact]
    public void Sums_and_differences_carry_from_one_half_to_the_other()
    {
        Assert.Equal(new(1, 0), new AddressValue(0, ulong.MaxValue) + 1);
        Assert.Equal(new(0, ulong.MaxValue), new AddressValue(1, 0) - 1);
        Assert.Equal(new(3, 5), new AddressValue(1, 2) + new AddressValue(2, 3));
    }

    [Fact]
    public void The_upper_half_decides_which_is_larger()
    {
        Assert.True(new AddressValue(0, ulong.MaxValue) < new AddressValue(1, 0));
        Assert.True(new AddressValue(1, 1) > new AddressValue(1, 0));
        Assert.True(new AddressValue(1, 1) >= new AddressValue(1, 1) && new AddressValue(1, 1) <= new AddressValue(1, 1));
        Assert.False(new AddressValue(1, 1) < new AddressValue(1, 1));
    }

    [Theory]
    [InlineData(0, 0UL, 0UL)]
    [InlineData(32, 0UL, 0xFFFF_FFFFUL)]
    [InlineData(64, 0UL, ulong.MaxValue)]
    [InlineData(65, 1UL, ulong.MaxValue)]
    [InlineData(128, ulong.MaxValue, ulong.MaxValue)]
    public void Lowest_bits(int bits, ulong high, ulong low) => Assert.Equal(new(high, low), AddressValue.LowestBits(bits));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.87.0.255")]
    [InlineData("fd00::1")]
    [InlineData("fe80::ffff:ffff:ffff:ffff")]
    public void An_address_survives_being_a_number(string text)
    {
        var address = IPAddress.Parse(text);
        Assert.Equal(address, AddressNumber.ToAddress(AddressNumber.Of(address), address.IsIPv6()));
    }

    [Theory]
    [InlineData("10.1")]
    [InlineData("10.1.2.3.4")]
    [InlineData("10.1.2.256")]
    [InlineData("10.01.2.3")]
    [InlineData("10.1.2.")]
    [InlineData("10.1.2.+3")]
    [InlineData("10.1.2. 3")]
    [InlineData("0x0a000001")]
    public void Only_the_usual_form_of_an_address_is_taken(string text) => Assert.False(AddressNumber.TryParse(text, out _));
}
