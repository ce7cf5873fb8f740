using Can.Engine.Kernel;

namespace Can.Engine.Tests.Kernel;

public sealed class CapabilitiesTests
{
    [Theory]
    [InlineData("CHOWN", 0)]
    [InlineData("cap_net_admin", 12)]
    [InlineData("Sys_Admin", 21)]
    [InlineData("CAP_CHECKPOINT_RESTORE", 40)]
    public void Names_are_the_kernels_in_any_case(string name, int number) => Assert.Equal(1UL << number, Capabilities.Parse(name));

    [Fact]
    public void All_are_the_kernels_41() => Assert.Equal((1UL << 41) - 1, Capabilities.Parse("all"));

    [Fact]
    public void The_default_is_dockers() => Assert.Equal(0xA80425FBUL, Capabilities.Default);

    [Fact]
    public void Every_name_comes_back()
    {
        var names = Capabilities.Names(ulong.MaxValue);

        Assert.Equal(41, names.Count);
        Assert.All(names, name => Assert.Equal([name], Capabilities.Names(Capabilities.Parse(name))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("CAP_")]
    [InlineData("NET_ADMINS")]
    public void Others_are_refused(string name) =>
        Assert.Equal("CapabilityUnknown", Assert.Throws<CanException>(() => Capabilities.Parse(name)).ErrorId);
}
