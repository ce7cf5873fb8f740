using System.Net;
using System.Net.Sockets;
using System.Text;
using Can.Engine.Containers;
using Can.Engine.Networks;
using Can.Engine.Tests.Kernel.Netlink;

namespace Can.Engine.Tests.Networks;

/// <summary>
/// Published UDP ports that change under a client which goes on sending from one port: the kernel would lead it for ever to where its
/// first datagram went, unless that is forgotten.
/// </summary>
public sealed class PublishedDatagramTests(EngineFixture fixture) : IClassFixture<EngineFixture>, IDisposable
{
    private const int HostPort = 5300;

    private static readonly PortMapping Port = PortMapping.Parse($"{HostPort}:53/udp");

    private readonly NetworkNamespace host = new();
    private readonly List<IDisposable> things = [];

    public void Dispose()
    {
        CloseAll();
        OnHost(engine =>
        {
            foreach (var container in engine.Containers.List())
            {
                engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
            }

            foreach (var network in engine.Networks.List())
            {
                engine.Networks.Remove(network.Name);
            }

            return true;
        });
        host.Dispose();
    }

    [RootFact]
    public void Another_running_container_takes_over()
    {
        var (one, two) = (Start("one", "lab", Port), Start("two", "lab"));
        var client = Client();
        Assert.Equal("one", Ask(client));

        OnHost(engine => engine.Containers.ChangePorts(one.Id, [], [Port], CancellationToken.None));
        OnHost(engine => engine.Containers.ChangePorts(two.Id, [Port], [], CancellationToken.None));

        Assert.Equal("two", Ask(client));
    }

    [RootFact]
    public void A_new_container_takes_over_from_one_that_is_gone()
    {
        var one = Start("one", "lab", Port);
        var client = host.Run(() => new UdpClient(0).Client);
        Assert.Equal("one", Ask(client));

        CloseAll(); // what is open in its namespace would keep that alive, with its address
        OnHost(engine =>
        {
            engine.Containers.Remove(one.Id, force: true, CancellationToken.None);
            return true;
        });
        _ = Start("two", new NetworkAttachment { Network = "lab", IPAddress = "192.168.10.9" }, Port);

        Assert.Equal("two", Ask(client));
        client.Dispose();
    }

    [RootFact]
    public void The_port_moves_to_another_interface_with_the_default_route()
    {
        var container = Start("one", "lab", Port);
        var client = Client();
        Assert.Equal("one", Ask(client));

        OnHost(engine => engine.Networks.Create(new() { Name = "other" }));
        OnHost(engine => engine.Containers.Connect(container.Id, new() { Network = "other", Priority = 1 }, CancellationToken.None));
        OnHost(engine => engine.Containers.Disconnect(container.Id, "lab", CancellationToken.None));

        Assert.Equal("one", Ask(client));
    }

    /// <summary>A container with a server on its port 53 that answers every datagram with its name.</summary>
    private Container Start(string name, string network, params PortMapping[] ports) => Start(name, new NetworkAttachment { Network = network }, ports);

    private Container Start(string name, NetworkAttachment network, params PortMapping[] ports)
    {
        var container = OnHost(engine =>
        {
            if (engine.Networks.TryGet(network.Network) is null)
            {
                _ = engine.Networks.Create(new() { Name = network.Network, Subnets = ["192.168.10.0/24"] });
            }

            var options = fixture.Options("sleep", "100000") with { Networks = [network], Ports = ports };
            return engine.Containers.Create(options, start: true, CancellationToken.None);
        });
        var inside = new NetworkNamespace(container.ProcessId!.Value);
        things.Add(inside);
        var server = inside.Run(() => Bound(IPAddress.Any, 53));
        new Thread(() => Answer(server, name)) { IsBackground = true }.Start();
        return container;
    }

    private Socket Client() => host.Run(() => Bound(IPAddress.Any, 0));

    private Socket Bound(IPAddress address, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        things.Add(socket);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    private static void Answer(Socket server, string name)
    {
        try
        {
            var buffer = new byte[16];
            while (true)
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                _ = server.ReceiveFrom(buffer, ref from);
                _ = server.SendTo(Encoding.ASCII.GetBytes(name), from);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    /// <summary>Sends until somebody answers, as a client does whose datagrams may get lost.</summary>
    private static string Ask(Socket client)
    {
        var answer = "";
        EngineFixture.Eventually(
            () =>
            {
                try
                {
                    while (client.Available > 0)
                    {
                        _ = client.Receive(new byte[16]); // a late answer to an earlier datagram, perhaps from another server
                    }

                    _ = client.SendTo([1], new IPEndPoint(IPAddress.Loopback, HostPort));
                    if (!client.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectRead))
                    {
                        return false;
                    }

                    var buffer = new byte[16];
                    answer = Encoding.ASCII.GetString(buffer, 0, client.Receive(buffer));
                    return true;
                }
                catch (SocketException)
                {
                    return false; // refused: nobody listens there for the moment
                }
            },
            "a server answers");
        return answer;
    }

    private void CloseAll()
    {
        things.ForEach(thing => thing.Dispose());
        things.Clear();
    }

    private T OnHost<T>(Func<CanEngine, T> action)
    {
        _ = fixture.Engine; // the image
        return host.Run(() => action(fixture.Another()));
    }
}
