using System.Net;
using System.Net.Sockets;
using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Networks;
using Can.Engine.Tests.Kernel.Netlink;

namespace Can.Engine.Tests.Networks;

/// <summary>What kills, reboots, other people's hands and a host that lacks something do to networks, and what becomes of it.</summary>
public sealed class NetworkFaultTests(EngineFixture fixture) : IClassFixture<EngineFixture>, IDisposable
{
    private readonly NetworkedHost host = new(fixture);

    public void Dispose() => host.Dispose();

    [RootFact]
    public void A_port_whose_monitor_was_killed_is_published_again_by_the_same_container()
    {
        using var made = Make("web");
        var container = host.Start(host.On("web", "8080:80"));
        NetworkedHost.KillMonitor(container);
        Assert.Equal([NetworkedHost.LeadsTo(container, 8080)], host.Published());

        var again = host.Run(engine => engine.Containers.Start(container.Id, CancellationToken.None));

        Assert.Equal([NetworkedHost.LeadsTo(again, 8080)], host.Published());
        host.Remove(again);
        Assert.Empty(host.Published());
    }

    [RootTheory]
    [InlineData("8080:80", "127.0.0.1")]
    [InlineData("0.0.0.0:8080:80", "0.0.0.0")]
    public void A_port_whose_monitor_was_killed_is_another_containers_and_stays_so(string port, string address)
    {
        using var made = Make("web");
        var killed = host.Start(host.On("web", "8080:80", "9090:80"));
        NetworkedHost.KillMonitor(killed);

        var next = host.Start(host.On("web", port));
        Assert.Contains(NetworkedHost.LeadsTo(next, 8080, address), host.Published());
        Assert.DoesNotContain(NetworkedHost.LeadsTo(killed, 8080), host.Published());

        // Whoever finds the killed one takes what is left of it, and nothing of the other's.
        Assert.Equal(ContainerState.Exited, host.Run(engine => engine.Containers.List().Single(other => other.Id == killed.Id).State));
        Assert.Equal([NetworkedHost.LeadsTo(next, 8080, address)], host.Published());
        host.Remove(killed, next);
        Assert.Empty(host.Published());
    }

    [RootFact]
    public void Translations_that_nobody_remembers_are_swept_and_those_of_the_living_are_not()
    {
        using var made = Make("web");
        var (killed, alive) = (host.Start(host.On("web", "8080:80")), host.Start(host.On("web", "9090:80")));
        NetworkedHost.KillMonitor(killed);
        File.Delete($"{fixture.Root.ContainerRun(killed.Id)}/network.json");
        host.Nft($"add element inet {fixture.Root.CgroupName} published4 {{ 127.0.0.1 . tcp . 7070 : 192.168.60.77 . 80 }}");

        host.Run(engine => engine.Networks.List());

        Assert.Equal([NetworkedHost.LeadsTo(alive, 9090)], host.Published());
        Assert.Contains(alive.IPAddress, host.Leases(made.Network));
        Assert.DoesNotContain("192.168.60.77", host.Leases(made.Network));
        host.Remove(killed, alive);
    }

    [RootFact]
    public void A_bridge_that_somebody_deletes_comes_back_with_its_number_and_its_containers()
    {
        using var made = Make("web", isIPv6: true);
        var old = host.Start(host.On("web"));
        var index = host.Namespace.Run(() => NetworkNamespace.IndexOf(made.Network.Interface));
        host.RemoveLink(made.Network.Interface);
        Assert.False(host.Reaches(old, "192.168.60.1"));

        var fresh = host.Start(host.On("web"));

        Assert.Equal(index, host.Namespace.Run(() => NetworkNamespace.IndexOf(made.Network.Interface)));
        EngineFixture.Eventually(() => host.Reaches(fresh, old.IPAddress!), "the new container reaches the old one");

        // Its kernel asks for the gateway's hardware address once a second since the vain attempt.
        EngineFixture.Eventually(() => host.Reaches(old, "192.168.60.1"), "the old container reaches the gateway");
        EngineFixture.Eventually(() => host.Reaches(old, "fd00:60::1"), "the old container reaches the gateway's IPv6 address");
        host.Remove(old, fresh);
        host.WaitForInterfaces(made.Network.Interface);
    }

    [RootFact]
    public void A_bridge_that_somebody_sets_down_is_set_up_again()
    {
        using var made = Make("web");
        var old = host.Start(host.On("web"));
        host.Namespace.Run(() => NetworkNamespace.Route(Down(NetworkNamespace.IndexOf(made.Network.Interface))));
        Assert.False(host.Reaches(old, "192.168.60.1"));

        var fresh = host.Start(host.On("web"));

        EngineFixture.Eventually(() => host.Reaches(old, fresh.IPAddress!), "the old container reaches the new one");
        host.Remove(old, fresh);
    }

    [RootFact]
    public void A_flushed_ruleset_comes_back_with_everything_that_runs()
    {
        using var made = Make("web");
        using var other = Make("other", "192.168.61.0/24");
        var (first, second) = (host.Start(host.On("web", "8080:80")), host.Start(host.On("other", "9090:80")));
        var before = host.Run(engine => engine.Networks.TryGet("web")!.Rules);
        host.Nft("flush ruleset");
        Assert.Empty(host.Run(engine => engine.Networks.TryGet("web")!.Rules));

        host.Remove(host.Start(host.On("web")));

        Assert.Equal(before, host.Run(engine => engine.Networks.TryGet("web")!.Rules));
        Assert.Equal([NetworkedHost.LeadsTo(first, 8080), NetworkedHost.LeadsTo(second, 9090)], host.Published());
        host.Remove(first, second);
    }

    [RootFact]
    public void Ports_are_changed_where_the_ruleset_was_flushed()
    {
        using var made = Make("web");
        var container = host.Start(host.On("web", "8080:80"));
        host.Nft("flush ruleset");

        host.Run(engine => engine.Containers.ChangePorts(container.Id, [PortMapping.Parse("9090:80")], [PortMapping.Parse("8080:80")], CancellationToken.None));

        Assert.Equal([NetworkedHost.LeadsTo(container, 9090)], host.Published());
        host.Remove(container);
    }

    [RootTheory]
    [InlineData("")]
    [InlineData("garbage")]
    public void A_damaged_lease_does_not_cost_its_owner_the_address(string content)
    {
        using var made = Make("web", "192.168.60.0/29"); // 192.168.60.2 to .6
        var owner = host.Start(host.On("web"));
        var lease = $"{host.LeasesOf(made.Network)}/{owner.IPAddress}";
        File.Delete(lease);
        File.WriteAllText(lease, content);

        var others = Enumerable.Range(0, 4).Select(_ => host.Start(host.On("web"))).ToArray();

        Assert.DoesNotContain(owner.IPAddress, others.Select(static other => other.IPAddress));
        host.Run(engine => EngineFixture.Fails("NetworkFull", () => engine.Containers.Create(host.On("web"), start: true, CancellationToken.None)));
        Assert.Equal(owner.Id, new FileInfo(lease).LinkTarget);
        host.Remove([owner, .. others]);
        Assert.Empty(host.Leases(made.Network));
    }

    [RootFact]
    public void An_address_of_its_own_choice_is_a_containers_after_a_reboot_too()
    {
        using var made = Make("web");
        var still = host.On("web") with { Networks = [new() { Network = "web", IPAddress = "192.168.60.2" }] };
        var (stopped, running) = (host.Run(engine => engine.Containers.Create(still, start: false, CancellationToken.None)), host.Start(host.On("web", "8080:80")));
        host.Reboot(running);

        var first = host.Start(host.On("web"));
        Assert.NotEqual("192.168.60.2", first.IPAddress);
        host.Run(engine => EngineFixture.Fails("IPAddressTaken", () => engine.Containers.Create(
            host.On("web") with { Networks = [new() { Network = "web", IPAddress = "192.168.60.2" }] }, start: false, CancellationToken.None)));

        // Bridge, table and names are there again as well.
        var (again, more) = host.Run(engine => (engine.Containers.Start(stopped.Id, CancellationToken.None), engine.Containers.Start(running.Id, CancellationToken.None)));
        Assert.Equal("192.168.60.2", again.IPAddress);
        Assert.Equal([NetworkedHost.LeadsTo(more, 8080)], host.Published());
        Assert.Equal(0, fixture.Exec(first, $"grep -w {again.Name} /etc/hosts && ping -c 1 -W 5 {more.Name}").ExitCode);
        host.Remove(again, more, first);
    }

    [RootFact]
    public void A_network_whose_removal_was_killed_is_in_nobodys_way()
    {
        var network = host.Run(engine => engine.Networks.Create(new() { Name = "web", Subnets = ["192.168.60.0/24"] }));
        host.Remove(host.Start(host.On("web")));
        Directory.Delete($"{fixture.Root.State}/networks/web", recursive: true); // as a kill right after it leaves it

        using var made = Make("web");

        Assert.NotEqual(network.Id, made.Network.Id);
        host.Remove(host.Start(host.On("web")));
        Assert.DoesNotContain(network.Interface, host.Interfaces());
    }

    [RootFact]
    public void A_start_that_cannot_make_the_bridge_leaves_nothing()
    {
        using var made = Make("web");
        host.Namespace.Run(() => NetworkNamespace.Route(Foreign(made.Network.Interface)));

        host.Run(engine => EngineFixture.Fails("NetworkInterfaceTaken", () => engine.Containers.Create(host.On("web", "8080:80"), start: true, CancellationToken.None)));

        AssertNothing(made.Network);
        host.RemoveLink(made.Network.Interface);
    }

    [RootFact]
    public void A_subnet_that_the_host_uses_by_now_is_an_error_that_says_so()
    {
        using var made = Make("web");
        host.Namespace.Run(() =>
        {
            NetworkNamespace.Route(Foreign("foreign"));
            NetworkNamespace.Route(RouteMessages.Address(
                LinkReference.At(NetworkNamespace.IndexOf("foreign")), IPAddress.Parse("192.168.60.9"), 24));
        });

        host.Run(engine => EngineFixture.Fails("NetworkSubnetInUse", () => engine.Containers.Create(host.On("web"), start: true, CancellationToken.None)));
        host.Run(engine => EngineFixture.Fails("NetworkSubnetInUse", () => engine.Networks.Create(new() { Name = "second", Subnets = ["192.168.0.0/16"] })));

        AssertNothing(made.Network);
    }

    [RootFact]
    public void Where_the_host_switches_IPv6_off_a_network_without_works_and_one_with_is_an_error()
    {
        host.Namespace.Run(() =>
        {
            NetworkNamespace.Sysctl("net/ipv6/conf/all/disable_ipv6", "1");
            NetworkNamespace.Sysctl("net/ipv6/conf/default/disable_ipv6", "1");
        });
        using (var made = Make("six", isIPv6: true))
        {
            host.Run(engine => EngineFixture.Fails("IPv6Disabled", () => engine.Containers.Create(host.On("six"), start: true, CancellationToken.None)));
            AssertNothing(made.Network);
        }

        using var four = Make("four");
        var container = host.Start(host.On("four"));
        Assert.True(host.Reaches(container, "192.168.60.1"));
        host.Remove(container);
    }

    [RootFact]
    public void A_client_that_goes_on_sending_datagrams_is_led_to_where_the_port_leads_now()
    {
        using var made = Make("web");
        var (one, two) = (host.Start(host.On("web")), host.Start(host.On("web")));
        using UdpClient first = Answer(one, "one"), second = Answer(two, "two");
        using var client = host.Namespace.Run(() => new UdpClient("127.0.0.1", 5353));
        client.Client.ReceiveTimeout = 200;

        Change(one, publish: true);
        EngineFixture.Eventually(() => Ask(client) == "one", "the first container answers");
        Change(one, publish: false);
        Change(two, publish: true);

        EngineFixture.Eventually(() => Ask(client) == "two", "the second container answers");
        host.Remove(one, two);
    }

    [RootFact]
    public void A_port_follows_the_default_route_when_a_network_is_taken_away_and_given_again()
    {
        using var first = Make("first");
        using var second = Make("second", "192.168.61.0/24");
        var container = host.Start(host.On("first", "5353:53/udp") with { Networks = [new() { Network = "first" }, new() { Network = "second" }] });
        using var server = Answer(container, "text");
        using var client = host.Namespace.Run(() => new UdpClient("127.0.0.1", 5353));
        client.Client.ReceiveTimeout = 200;
        EngineFixture.Eventually(() => Ask(client) == "text", "it answers by the first network");

        host.Run(engine => engine.Containers.Disconnect(container.Id, "first", CancellationToken.None));
        Assert.Equal(["127.0.0.1:5353 192.168.61.2:53"], host.Published());
        EngineFixture.Eventually(() => Ask(client) == "text", "it answers by the second network");

        host.Run(engine => engine.Containers.Connect(container.Id, new() { Network = "first", Priority = 1 }, CancellationToken.None));
        Assert.Equal(["127.0.0.1:5353 192.168.60.2:53"], host.Published().Select(static text => text.Replace(".3:", ".2:", StringComparison.Ordinal)));
        EngineFixture.Eventually(() => Ask(client) == "text", "it answers by the first network again");

        host.Run(engine => engine.Containers.Stop(container.Id, TimeSpan.Zero, force: true, CancellationToken.None));
        Assert.Empty(host.Published());
        host.Remove(container);
    }

    private void Change(Container container, bool publish)
    {
        PortMapping[] ports = [PortMapping.Parse("5353:53/udp")];
        host.Run(engine => engine.Containers.ChangePorts(container.Id, publish ? ports : [], publish ? [] : ports, CancellationToken.None));
    }

    /// <summary>A name server, so to speak, in a container.</summary>
    private static UdpClient Answer(Container container, string answer)
    {
        using var inside = new NetworkNamespace(container.ProcessId!.Value);
        var server = inside.Run(() => new UdpClient(new IPEndPoint(IPAddress.Any, 53)));
        _ = AnswerAsync(server, answer);
        return server;
    }

    private static async Task AnswerAsync(UdpClient server, string answer)
    {
        try
        {
            while (true)
            {
                var question = await server.ReceiveAsync();
                await server.SendAsync(System.Text.Encoding.ASCII.GetBytes(answer), question.RemoteEndPoint);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static string? Ask(UdpClient client)
    {
        try
        {
            client.Send("x"u8);
            IPEndPoint? from = null;
            return System.Text.Encoding.ASCII.GetString(client.Receive(ref from)).Trim();
        }
        catch (SocketException)
        {
            return null; // nobody has answered in time, or nobody is there
        }
    }

    private static NetlinkMessages Foreign(string name) =>
        RouteMessages.Bridge(name, HardwareAddress.Of(IPAddress.Parse("10.9.9.9")), mtu: 0);

    /// <summary>struct ifinfomsg: of the flags IFF_UP is to change, to 0.</summary>
    private static NetlinkMessages Down(int index) => new NetlinkWriter()
        .Begin(LinkMessage.New, 5, [0, 0, 0, 0, .. BitConverter.GetBytes(index), 0, 0, 0, 0, 1, 0, 0, 0]).End().Messages(NetlinkProtocol.Route);

    private void AssertNothing(Network network)
    {
        Assert.DoesNotContain(host.Run(engine => engine.Containers.List()), container => container.Networks.Contains(network.Name));
        Assert.Empty(host.Leases(network));
        Assert.Empty(host.Published());
        Assert.DoesNotContain(host.Run(engine => engine.Networks.TryGet(network.Name)!.Rules), line => line.Contains(network.Interface, StringComparison.Ordinal));
        host.Namespace.Run(() => PortReservation.Bind(IPAddress.Loopback, 8080, TransportProtocol.Tcp).Dispose());
    }

    private MadeNetwork Make(string name, string subnet = "192.168.60.0/24", bool isIPv6 = false) => new(host, host.Run(engine => engine.Networks.Create(
        new() { Name = name, Subnets = isIPv6 ? [subnet, "fd00:60::/64"] : [subnet] })));

    /// <summary>A network that goes again with its test, whatever became of it.</summary>
    private sealed class MadeNetwork(NetworkedHost host, Network network) : IDisposable
    {
        public Network Network => network;

        public void Dispose() => host.Run(engine =>
        {
            foreach (var container in engine.Containers.List().Where(container => container.Networks.Contains(network.Name)))
            {
                engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
            }

            engine.Networks.Remove(network.Name);
        });
    }
}
