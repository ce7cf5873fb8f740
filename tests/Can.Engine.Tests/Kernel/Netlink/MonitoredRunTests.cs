using System.Net;
using System.Net.Sockets;
using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Starting;

namespace Can.Engine.Tests.Kernel.Netlink;

/// <summary>The helper wires containers by itself, holds their ports, and takes everything back.</summary>
public sealed class MonitoredRunTests
{
    private static readonly PortTranslation Web = new(IPAddress.Any, 8080, TransportProtocol.Tcp, NetworkLab.Address(1, 2), 80);

    [RootFact]
    public void A_container_is_wired_published_and_unwired()
    {
        using var lab = new NetworkLab();
        lab.AddNetwork(1);
        using var run = new MonitoredRun(lab, 1, 2);
        run.Start(Web);
        Assert.Equal(SyncKind.Started, run.Started.Kind);
        using (var inside = run.Namespace())
        {
            using var server = lab.Serve(inside, "web", IPAddress.Any, 80); // as long as it lives, so does its namespace
            Assert.Equal("web 192.0.2.2", NetworkLab.Ask(lab.Neighbour, NetworkLab.HostAddress, 8080));
        }

        lab.Host.Run(() => EngineFixture.Fails("PortInUse", () => PortReservation.Bind(IPAddress.Any, 8080, TransportProtocol.Tcp)));
        Assert.Equal([Web], lab.Host.Run(lab.Table.ListPublished));

        run.Kill();
        run.WaitEnded();
        Assert.Empty(lab.Host.Run(lab.Table.ListPublished));
        lab.Host.Run(() => PortReservation.Bind(IPAddress.Any, 8080, TransportProtocol.Tcp).Dispose());
        EngineFixture.Eventually(() => Ends(lab).Count == 0, "the kernel removes the pair of interfaces");
    }

    [RootFact]
    public void A_restart_has_another_interface_and_the_same_address_and_keeps_the_port()
    {
        using var lab = new NetworkLab();
        lab.AddNetwork(1);
        using var run = new MonitoredRun(lab, 1, 2) { Policy = RestartCondition.Always };
        run.Start(Web);
        var first = Assert.Single(Ends(lab));
        run.Kill();
        EngineFixture.Eventually(() => run.Status is { Restarts: 1, ProcessId: > 0 }, "it runs again");

        EngineFixture.Eventually(() => Ends(lab).Count == 1 && Ends(lab)[0] != first, "the second run's interface is there alone");
        using var inside = run.Namespace();
        lab.Serve(inside, "web", IPAddress.Any, 80);
        Assert.Equal("web 192.0.2.2", NetworkLab.Ask(lab.Neighbour, NetworkLab.HostAddress, 8080));
        lab.Host.Run(() => EngineFixture.Fails("PortInUse", () => PortReservation.Bind(IPAddress.Any, 8080, TransportProtocol.Tcp)));
    }

    [RootFact]
    public void Ports_come_and_go_while_it_runs()
    {
        using var lab = new NetworkLab();
        lab.AddNetwork(1);
        using var run = new MonitoredRun(lab, 1, 2);
        run.Start(Web);
        var added = Web with { HostPort = 8081 };
        using var connection = run.Connect();
        lab.Host.Run(() =>
        {
            var port = PortReservation.Bind(added.HostAddress, added.HostPort, added.Protocol);
            Assert.True(connection.Reserve([port], CancellationToken.None));
            port.Dispose();
            EngineFixture.Fails("PortInUse", () => PortReservation.Bind(IPAddress.Any, 8081, TransportProtocol.Tcp));
            run.LeavePlan(Web, added);
            lab.Table.Add(MapElement.Published(added));

            Assert.True(connection.Release([PortReservation.KeyOf(Web.HostAddress, Web.HostPort, Web.Protocol)], CancellationToken.None));
            PortReservation.Bind(IPAddress.Any, 8080, TransportProtocol.Tcp).Dispose();
        });

        // The run's own plan knows nothing of the port that came later; the one that was left does.
        run.Kill();
        run.WaitEnded();
        Assert.Empty(lab.Host.Run(lab.Table.ListPublished));
    }

    [RootFact]
    public void Hundreds_of_ports_are_held_from_the_start_and_taken_later()
    {
        using var lab = new NetworkLab();
        lab.AddNetwork(1);
        using var run = new MonitoredRun(lab, 1, 2);
        run.Start([.. Enumerable.Range(8000, 300).Select(port => Web with { HostPort = port })]);
        Assert.Equal(SyncKind.Started, run.Started.Kind);
        lab.Host.Run(() =>
        {
            EngineFixture.Fails("PortInUse", () => PortReservation.Bind(IPAddress.Any, 8299, TransportProtocol.Tcp));
            var more = Enumerable.Range(9000, 300).Select(port => PortReservation.Bind(IPAddress.Any, port, TransportProtocol.Udp)).ToList();
            using var connection = run.Connect();
            Assert.True(connection.Reserve(more, CancellationToken.None));
            more.ForEach(port => port.Dispose());
            EngineFixture.Fails("PortInUse", () => PortReservation.Bind(IPAddress.Any, 9299, TransportProtocol.Udp));
            Assert.True(connection.Release(more.Select(port => port.Key()), CancellationToken.None));
            PortReservation.Bind(IPAddress.Any, 9299, TransportProtocol.Udp).Dispose();
        });
    }

    [RootFact]
    public void A_client_of_a_UDP_port_is_led_to_the_new_container_at_once()
    {
        using var lab = new NetworkLab();
        lab.AddNetwork(1);
        var names = new PortTranslation(IPAddress.Any, 5353, TransportProtocol.Udp, NetworkLab.Address(1, 2), 53);
        using var client = lab.Neighbour.Run(() => new UdpClient(new IPEndPoint(NetworkLab.NeighbourAddress, 4000)));
        client.Client.ReceiveTimeout = 200;
        client.Connect(NetworkLab.HostAddress, 5353);
        using (var unpublished = new MonitoredRun(lab, 1, 9))
        {
            // Before there is a publication: the connection is tracked as one to the host.
            Assert.Null(Echo(client));
        }

        using (var one = new MonitoredRun(lab, 1, 2))
        {
            one.Start(names);
            using var server = Answer(one, "one");
            EngineFixture.Eventually(() => Echo(client) == "one", "the first container answers");
            one.Kill();
            one.WaitEnded();
        }

        using var two = new MonitoredRun(lab, 1, 3);
        two.Start(names with { Address = NetworkLab.Address(1, 3) });
        using var other = Answer(two, "two");
        EngineFixture.Eventually(() => Echo(client) == "two", "the second container answers");
    }

    [RootFact]
    public void A_port_that_leads_elsewhere_already_fails_the_start_and_leaves_nothing()
    {
        using var lab = new NetworkLab();
        lab.AddNetwork(1);
        lab.Publish(IPAddress.Any, 8080, NetworkLab.Address(1, 99), 80);
        using var run = new MonitoredRun(lab, 1, 2);
        run.Start(Web);

        Assert.Equal((SyncKind.Failed, 5u, 17), (run.Started.Kind, run.Started.Step, run.Started.Error));
        run.WaitEnded();
        Assert.Equal(NetworkLab.Address(1, 99), Assert.Single(lab.Host.Run(lab.Table.ListPublished)).Address);
        EngineFixture.Eventually(() => Ends(lab).Count == 0, "the kernel removes the pair of interfaces");
    }

    private static List<string> Ends(NetworkLab lab) => lab.Host.Run(() =>
    {
        using var socket = new RouteSocket();
        return socket.ListLinks().Where(link => link.Name.StartsWith("v1-", StringComparison.Ordinal)).Select(link => link.Name).ToList();
    });

    private static UdpClient Answer(MonitoredRun run, string name)
    {
        using var inside = run.Namespace();
        var server = inside.Run(() => new UdpClient(new IPEndPoint(IPAddress.Any, 53)));
        _ = AnswerAsync(server, System.Text.Encoding.ASCII.GetBytes(name));
        return server;
    }

    private static async Task AnswerAsync(UdpClient server, byte[] name)
    {
        try
        {
            while (true)
            {
                var request = await server.ReceiveAsync();
                await server.SendAsync(name, request.RemoteEndPoint);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static string? Echo(UdpClient client)
    {
        try
        {
            client.Send("?"u8);
            IPEndPoint? from = null;
            return System.Text.Encoding.ASCII.GetString(client.Receive(ref from));
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
