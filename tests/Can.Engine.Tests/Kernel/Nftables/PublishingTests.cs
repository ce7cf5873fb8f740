using System.Net;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Tests.Kernel.Netlink;
using static Can.Engine.Tests.Kernel.Netlink.NetworkLab;

namespace Can.Engine.Tests.Kernel.Nftables;

/// <summary>What the rules let through, tried from the host, a neighbour and other containers, and what they keep from attackers.</summary>
public sealed class PublishingTests
{
    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_port_published_everywhere_is_reached_from_everywhere(bool bridgeNetfilter)
    {
        using var lab = new NetworkLab(bridgeNetfilter);
        lab.AddNetwork(1);
        lab.AddNetwork(2);
        var (web, sibling, other) = (lab.AddContainer(1, 2), lab.AddContainer(1, 3), lab.AddContainer(2, 2));
        lab.Serve(web, "web", IPAddress.Any, 80);
        lab.Serve(web, "web6", IPAddress.IPv6Any, 86);
        lab.Publish(IPAddress.Any, 8080, Address(1, 2), 80);
        lab.Publish(IPAddress.IPv6Any, 8086, Address6(1, 2), 86);

        Assert.Equal("web 192.0.2.2", Ask(lab.Neighbour, HostAddress, 8080));
        Assert.Equal("web6 2001:db8:ffff::2", Ask(lab.Neighbour, HostAddress6, 8086));
        Assert.Equal("web 10.0.1.1", Ask(lab.Host, IPAddress.Loopback, 8080));
        Assert.Equal("web 192.0.2.1", Ask(lab.Host, HostAddress, 8080));
        Assert.Equal("web6 2001:db8:ffff::1", Ask(lab.Host, HostAddress6, 8086));
        Assert.Equal("web 10.0.1.1", Ask(sibling, HostAddress, 8080));
        Assert.Equal("web6 fd00:1::1", Ask(sibling, HostAddress6, 8086));
        Assert.Equal("web 10.0.1.1", Ask(sibling, Address(1, 1), 8080));
        Assert.Equal("web 10.0.1.1", Ask(web, HostAddress, 8080));
        Assert.Equal("web6 fd00:1::1", Ask(web, HostAddress6, 8086));
        Assert.Equal("web 10.0.1.1", Ask(other, HostAddress, 8080));
        Assert.Equal("web 10.0.1.3", Ask(sibling, Address(1, 2), 80));
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_port_published_on_loopback_is_the_hosts_alone(bool bridgeNetfilter)
    {
        using var lab = new NetworkLab(bridgeNetfilter);
        lab.AddNetwork(1);
        var (web, sibling) = (lab.AddContainer(1, 2), lab.AddContainer(1, 3));
        lab.Serve(web, "web", IPAddress.Any, 80);
        lab.Publish(IPAddress.Loopback, 8080, Address(1, 2), 80);
        Assert.Equal("web 10.0.1.1", Ask(lab.Host, IPAddress.Loopback, 8080));

        Assert.Null(AskInVain(lab.Neighbour, HostAddress, 8080));
        Assert.Null(AskInVain(sibling, HostAddress, 8080));
        Assert.Null(AskForLoopback(lab.Neighbour, HostAddress, 8080));
        Assert.Null(AskForLoopback(sibling, Address(1, 1), 8080));
        Assert.Null(AskForLoopback(web, Address(1, 1), 8080));
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_hosts_loopback_services_are_out_of_reach(bool bridgeNetfilter)
    {
        using var lab = new NetworkLab(bridgeNetfilter);
        lab.AddNetwork(1);
        var container = lab.AddContainer(1, 2);
        lab.Serve(lab.Host, "secret", IPAddress.Loopback, 22);
        Assert.Equal("secret 127.0.0.1", Ask(lab.Host, IPAddress.Loopback, 22));

        Assert.Null(AskForLoopback(container, Address(1, 1), 22));
        Assert.Null(AskForLoopback(lab.Neighbour, HostAddress, 22));
        Assert.Null(AskInVain(container, Address(1, 1), 22));
        Assert.Null(AskInVain(container, HostAddress, 22));
    }

    [RootFact]
    public void Without_the_guard_the_attacks_would_succeed()
    {
        using var lab = new NetworkLab();
        lab.AddNetwork(1);
        var container = lab.AddContainer(1, 2);
        lab.Serve(lab.Host, "secret", IPAddress.Loopback, 22);
        lab.Serve(container, "web", IPAddress.Any, 80);
        lab.Publish(IPAddress.Loopback, 8080, Address(1, 2), 80);
        lab.Host.Run(() => Assert.True(LibNftables.Run("flush chain inet can-test guard", out _, out _)));

        Assert.Equal("secret 10.0.1.2", AskForLoopback(container, Address(1, 1), 22, inVain: false));
        Assert.Equal("web 192.0.2.2", AskForLoopback(lab.Neighbour, HostAddress, 8080, inVain: false));
    }

    [RootFact]
    public void A_neighbour_that_routes_to_a_container_finds_no_unpublished_port()
    {
        using var lab = new NetworkLab();
        lab.AddNetwork(1);
        var web = lab.AddContainer(1, 2);
        lab.Serve(web, "web", IPAddress.Any, 80);
        lab.Serve(web, "web6", IPAddress.IPv6Any, 86);
        lab.Publish(IPAddress.Any, 8080, Address(1, 2), 80);
        RouteVia(lab.Neighbour, Subnet(1), HostAddress);
        RouteVia(lab.Neighbour, Subnet6(1), HostAddress6);

        Assert.Null(AskInVain(lab.Neighbour, Address(1, 2), 80));
        Assert.Null(AskInVain(lab.Neighbour, Address6(1, 2), 86));
        Assert.Equal("web 192.0.2.2", Ask(lab.Neighbour, HostAddress, 8080));
    }

    [RootFact]
    public void Networks_are_apart_and_reach_outward_under_the_hosts_address()
    {
        using var lab = new NetworkLab();
        lab.AddNetwork(1);
        lab.AddNetwork(2);
        var (one, two) = (lab.AddContainer(1, 2), lab.AddContainer(2, 2));
        lab.Serve(one, "one", IPAddress.Any, 80);
        lab.Serve(one, "one6", IPAddress.IPv6Any, 86);
        lab.Serve(lab.Neighbour, "world", IPAddress.Any, 80);
        lab.Serve(lab.Neighbour, "world6", IPAddress.IPv6Any, 86);

        Assert.Null(AskInVain(two, Address(1, 2), 80));
        Assert.Null(AskInVain(two, Address6(1, 2), 86));
        Assert.Equal("world 192.0.2.1", Ask(one, NeighbourAddress, 80));
        Assert.Equal("world6 2001:db8:ffff::1", Ask(two, NeighbourAddress6, 86));
    }

    [RootFact]
    public void An_internal_network_reaches_itself_and_nothing_else()
    {
        using var lab = new NetworkLab();
        lab.AddNetwork(1, isInternal: true);
        lab.AddNetwork(2);
        var (one, sibling, two) = (lab.AddContainer(1, 2), lab.AddContainer(1, 3), lab.AddContainer(2, 2));
        lab.Serve(one, "one", IPAddress.Any, 80);
        lab.Serve(two, "two", IPAddress.Any, 80);
        lab.Serve(lab.Neighbour, "world", IPAddress.Any, 80);
        lab.Publish(IPAddress.Any, 8080, Address(2, 2), 80);
        RouteVia(lab.Neighbour, Subnet(1), HostAddress);

        Assert.Equal("one 10.0.1.3", Ask(sibling, Address(1, 2), 80));
        Assert.Null(AskInVain(one, NeighbourAddress, 80));
        Assert.Null(AskInVain(one, Address(2, 2), 80));
        Assert.Null(AskInVain(one, HostAddress, 8080));
        Assert.Null(AskInVain(lab.Neighbour, Address(1, 2), 80));
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Containers_of_an_isolated_network_are_apart(bool bridgeNetfilter)
    {
        using var lab = new NetworkLab(bridgeNetfilter);
        lab.AddNetwork(1, isolated: true);
        var (one, two) = (lab.AddContainer(1, 2, isolated: true), lab.AddContainer(1, 3, isolated: true));
        lab.Serve(one, "one", IPAddress.Any, 80);
        lab.Serve(lab.Neighbour, "world", IPAddress.Any, 80);
        lab.Publish(IPAddress.Any, 8080, Address(1, 2), 80);

        Assert.Null(AskInVain(two, Address(1, 2), 80));
        Assert.Equal("world 192.0.2.1", Ask(two, NeighbourAddress, 80));
        Assert.Equal("one 192.0.2.2", Ask(lab.Neighbour, HostAddress, 8080));

        // Not by way of the gateway either.
        two.Run(() => NetworkNamespace.Route(RouteMessages.Route(
            LinkReference.At(NetworkNamespace.IndexOf("eth0")), IPNetwork.Parse("10.0.1.2/32"), Address(1, 1))));
        Assert.Null(AskInVain(two, Address(1, 2), 80));
    }

    [RootFact]
    public void A_gateways_port_can_lead_to_a_loopback_service()
    {
        using var lab = new NetworkLab();
        lab.AddNetwork(1);
        var container = lab.AddContainer(1, 2);
        lab.Serve(lab.Host, "resolver", IPAddress.Parse("127.0.0.53"), 53);
        lab.Publish(Address(1, 1), 53, IPAddress.Parse("127.0.0.53"), 53);

        Assert.Equal("resolver 127.0.0.1", Ask(container, Address(1, 1), 53));
    }

    // As an attacker does who is root in a namespace of its own: 127.0.0.1 leads out, to the host.
    private static string? AskForLoopback(NetworkNamespace attacker, IPAddress host, int port, bool inVain = true)
    {
        attacker.Run(() =>
        {
            NetworkNamespace.Sysctl("net/ipv4/conf/all/route_localnet", "1");
            using var socket = new RouteSocket();
            _ = socket.TrySend(RouteMessages.RemoveAddress(LinkReference.Loopback, IPAddress.Loopback, 8));
        });
        RouteVia(attacker, IPNetwork.Parse("127.0.0.1/32"), host);
        return inVain ? AskInVain(attacker, IPAddress.Loopback, port) : Ask(attacker, IPAddress.Loopback, port);
    }

    private static void RouteVia(NetworkNamespace from, IPNetwork to, IPAddress gateway) => from.Run(() => NetworkNamespace.Route(
        RouteMessages.Route(LinkReference.At(NetworkNamespace.IndexOf("eth0")), to, gateway)));
}
