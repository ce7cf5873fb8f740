using System.Net;
using System.Net.NetworkInformation;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Netlink;
using static Can.Engine.Tests.Kernel.Netlink.NetworkNamespace;

namespace Can.Engine.Tests.Kernel.Netlink;

public sealed class RouteMessagesTests : IDisposable
{
    private static readonly PhysicalAddress Hardware = PhysicalAddress.Parse("02-42-0A-00-00-01");

    private readonly List<NetworkNamespace> namespaces = [];

    [Fact]
    public void The_message_sets_the_first_interface_up() => Assert.Equal(
        "20000000" + "1000" + "0500" + "00000000" + "00000000" + "00000000" + "01000000" + "01000000" + "01000000",
        Convert.ToHexString(RouteMessages.LoopbackUp().Bytes));

    [RootFact]
    public void A_bridge_is_made_as_asked() => New().Run(() =>
    {
        Route(RouteMessages.Bridge("can0", Hardware, mtu: 1400, index: 4242));
        using var socket = new RouteSocket();
        var bridge = socket.FindLink("can0")!;

        Assert.Equal(("bridge", 4242, 1400, true), (bridge.Kind, bridge.Index, bridge.Mtu, bridge.IsUp));
        Assert.Equal(Hardware, bridge.Address);
        Assert.Contains(bridge, socket.ListLinks());
        Assert.DoesNotContain(socket.ListAddresses(), address => address.Link == 4242);
    });

    [RootFact]
    public void A_bridge_that_is_there_already_is_an_error_that_says_so() => New().Run(() =>
    {
        Route(RouteMessages.Bridge("can0", Hardware, mtu: 0));
        using var socket = new RouteSocket();

        Assert.Equal(17, socket.TrySend(RouteMessages.Bridge("can0", Hardware, mtu: 0)));
        Assert.Null(socket.FindLink("can1"));
        var error = EngineFixture.Fails("NetlinkFailed", () => socket.Send(RouteMessages.Bridge("can0", Hardware, 0), "Making the bridge can0"));
        Assert.Contains("Making the bridge can0", error.Message, StringComparison.Ordinal);
    });

    [RootFact]
    public void A_pair_has_one_end_on_the_bridge_and_one_inside()
    {
        var (host, inside) = (New(), New());
        host.Run(() =>
        {
            Route(RouteMessages.Bridge("can0", Hardware, mtu: 0));
            Route(RouteMessages.Veth(new VethLink("vhost", 3, IndexOf("can0"), HardwareAddress.Of(IPAddress.Parse("10.0.0.7")), 1300, inside.Descriptor)
            {
                NumberedByRun = false,
            }));
            using var socket = new RouteSocket();
            var end = socket.FindLink("vhost")!;

            Assert.Equal(("veth", true, IndexOf("can0"), 1300), (end.Kind, end.IsUp, end.Master, end.Mtu));
            Assert.DoesNotContain(socket.ListAddresses(), address => address.Link == end.Index);
        });
        inside.Run(() =>
        {
            using var socket = new RouteSocket();
            var end = socket.FindLink("eth3")!;

            Assert.Equal((false, 1300, "02420A000007"), (end.IsUp, end.Mtu, end.Address.ToString()));
        });
    }

    [RootFact]
    public void Addresses_can_be_used_at_once_and_twice() => New().Run(() =>
    {
        Route(RouteMessages.Bridge("can0", Hardware, mtu: 0));
        var link = LinkReference.At(IndexOf("can0"));
        for (var time = 0; time < 2; time++)
        {
            Route(
                RouteMessages.Address(link, IPAddress.Parse("10.0.0.1"), 24),
                RouteMessages.Address(link, IPAddress.Parse("fd00::1"), 64));
        }

        using var socket = new RouteSocket();
        Assert.Equal(["10.0.0.1/24", "fd00::1/64"],
            socket.ListAddresses().Where(address => address.Link == link.Index).Select(address => $"{address.Address}/{address.PrefixLength}"));

        // Bound at once: an address under duplicate address detection is refused.
        using var port = PortReservation.Bind(IPAddress.Parse("fd00::1"), 0, TransportProtocol.Tcp);
        Assert.Equal(0, socket.TrySend(RouteMessages.RemoveAddress(link, IPAddress.Parse("10.0.0.1"), 24)));
        Assert.DoesNotContain(socket.ListAddresses(), address => address.Address.Equals(IPAddress.Parse("10.0.0.1")));
    });

    [RootFact]
    public void Routes_are_listed_with_gateway_and_metric() => New().Run(() =>
    {
        Route(RouteMessages.Bridge("can0", Hardware, mtu: 0));
        var link = LinkReference.At(IndexOf("can0"));
        var any = IPNetwork.Parse("0.0.0.0/0");
        Route(
            RouteMessages.Address(link, IPAddress.Parse("10.0.0.2"), 24),
            RouteMessages.Neighbour(link, IPAddress.Parse("10.0.0.1"), Hardware),
            RouteMessages.Route(link, any, IPAddress.Parse("10.0.0.1"), metric: 7),
            RouteMessages.Route(link, IPNetwork.Parse("10.9.0.0/16"), gateway: null));
        using var socket = new RouteSocket();

        Assert.Contains(new RouteDescription(any, IPAddress.Parse("10.0.0.1"), link.Index, 7), socket.ListRoutes());
        Assert.Contains(new RouteDescription(IPNetwork.Parse("10.9.0.0/16"), null, link.Index, 0), socket.ListRoutes());
        Assert.Contains(new RouteDescription(IPNetwork.Parse("10.0.0.0/24"), null, link.Index, 0), socket.ListRoutes());
        Route(RouteMessages.RemoveDefaultRoute(link, IPAddress.Parse("10.0.0.1"), metric: 7));
        Assert.DoesNotContain(socket.ListRoutes(), route => route.Destination == any);
    });

    [RootFact]
    public void A_link_is_removed() => New().Run(() =>
    {
        Route(RouteMessages.Bridge("can0", Hardware, mtu: 0));
        Route(RouteMessages.RemoveLink(LinkReference.At(IndexOf("can0"))));
        using var socket = new RouteSocket();

        Assert.Null(socket.FindLink("can0"));
    });

    [Theory]
    [InlineData("")]
    [InlineData("sixteen-letters-")]
    public void A_name_that_no_interface_can_have_is_refused(string name) =>
        EngineFixture.Fails("InterfaceNameInvalid", () => RouteMessages.Bridge(name, Hardware, 0));

    [Fact]
    public void A_name_with_a_runs_number_is_four_characters_shorter() => EngineFixture.Fails("InterfaceNameInvalid",
        () => RouteMessages.Veth(new VethLink("twelve-chars", 0, 0, Hardware, 0, 7)));

    [Fact]
    public void Slots_move_with_their_message()
    {
        var address = RouteMessages.Address(LinkReference.Inside(2), IPAddress.Parse("10.0.0.2"), 24);
        var joined = NetlinkMessages.Join(RouteMessages.LoopbackUp(), address);

        Assert.Equal([new NetlinkSlot(NetlinkSlotKind.LinkIndex, 32 + 16 + 4, 2)], joined.Slots);
        Assert.Equal(0x0002_0002_0000_0034UL, joined.Slots[0].Argument);
    }

    [Fact]
    public void Messages_are_told_in_words()
    {
        var veth = RouteMessages.Veth(new VethLink("v0123456780", 0, 9, Hardware, 0, 7) { Isolated = true });
        var inside = NetlinkMessages.Join(
            RouteMessages.Address(LinkReference.Inside(0), IPAddress.Parse("10.0.0.2"), 24),
            RouteMessages.LinkUp(LinkReference.Inside(0), linkLocal: false),
            RouteMessages.Route(LinkReference.Inside(0), IPNetwork.Parse("0.0.0.0/0"), IPAddress.Parse("10.0.0.1")));

        Assert.Equal(
            "make veth v0123456780RUN on the bridge with index 9 with eth0 in NETWORK as its peer; isolate v0123456780RUN; set v0123456780RUN up",
            Told(veth));
        Assert.Equal("add address 10.0.0.2/24 to eth0; set eth0 up; add route default via 10.0.0.1", Told(inside));
    }

    public void Dispose() => namespaces.ForEach(one => one.Dispose());

    private static string Told(NetlinkMessages messages) =>
        NetlinkText.Describe(messages.Bytes, (int)messages.Protocol, [.. messages.Slots.Select(slot => slot.Argument)]);

    private NetworkNamespace New()
    {
        namespaces.Add(new());
        return namespaces[^1];
    }
}
