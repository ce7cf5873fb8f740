using Can.Engine.Kernel.Netlink;

namespace Can.Engine.Tests.Kernel;

public sealed class NetlinkTests
{
    [Fact]
    public void The_message_sets_the_first_interface_up() => Assert.Equal(
        "20000000" + "1000" + "0500" + "00000000" + "00000000" + "00000000" + "01000000" + "01000000" + "01000000",
        Convert.ToHexString(RouteMessages.LoopbackUp().Bytes));
}
