using System.Net;
using System.Net.Sockets;
using System.Text;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Kernel.Nftables;

namespace Can.Engine.Tests.Kernel.Netlink;

/// <summary>
/// A host with Can's table, bridges with containers on them, and a neighbour on the host's other side; each is a network namespace.
/// </summary>
internal sealed class NetworkLab : IDisposable
{
    public static readonly IPAddress HostAddress = IPAddress.Parse("192.0.2.1");
    public static readonly IPAddress HostAddress6 = IPAddress.Parse("2001:db8:ffff::1");
    public static readonly IPAddress NeighbourAddress = IPAddress.Parse("192.0.2.2");
    public static readonly IPAddress NeighbourAddress6 = IPAddress.Parse("2001:db8:ffff::2");

    private readonly List<IDisposable> things = [];

    public NetworkLab(bool bridgeNetfilter = false)
    {
        Host = Own(new NetworkNamespace());
        Neighbour = Own(new NetworkNamespace());
        Host.Run(() =>
        {
            NetworkNamespace.Sysctl("net/ipv4/ip_forward", "1");
            NetworkNamespace.Sysctl("net/ipv6/conf/all/forwarding", "1");
            NetworkNamespace.Sysctl("net/ipv4/conf/all/rp_filter", "0"); // the least that a host might guard itself by
            NetworkNamespace.Sysctl("net/ipv4/conf/default/rp_filter", "0");
            NetworkNamespace.Sysctl("net/bridge/bridge-nf-call-iptables", bridgeNetfilter ? "1" : "0");
            NetworkNamespace.Sysctl("net/bridge/bridge-nf-call-ip6tables", bridgeNetfilter ? "1" : "0");
            Table.Ensure();
        });
        Host.Run(() => NetworkNamespace.Route(RouteMessages.Veth(Pair("wan", Neighbour, bridge: 0, HardwareAddress.Of(NeighbourAddress)))));
        Host.Run(() => Give(NetworkNamespace.IndexOf("wan"), (HostAddress, 24), (HostAddress6, 64), (RouteMessages.BridgeLinkLocal, 64)));
        Neighbour.Run(() => Give(NetworkNamespace.IndexOf("eth0"), (NeighbourAddress, 24), (NeighbourAddress6, 64)));
        WaitRunning(Host, "wan");
        WaitRunning(Neighbour, "eth0");
    }

    public NetworkNamespace Host { get; }

    public NetworkNamespace Neighbour { get; }

    public NftTable Table { get; } = new("can-test");

    /// <summary>Makes a network's bridge with the gateways 10.0.NUMBER.1 and fd00:NUMBER::1, and its elements.</summary>
    public void AddNetwork(int number, bool isolated = false, bool isInternal = false)
    {
        var name = BridgeOf(number);
        Host.Run(() =>
        {
            NetworkNamespace.Route(RouteMessages.Bridge(name, HardwareAddress.Of(Address(number, 1)), mtu: 0));
            NetworkNamespace.Sysctl($"net/ipv4/conf/{name}/route_localnet", "1");
            Give(NetworkNamespace.IndexOf(name), (Address(number, 1), 24), (Address6(number, 1), 64), (RouteMessages.BridgeLinkLocal, 64));
            Table.Add([
                MapElement.Bridge(name),
                MapElement.Subnet(Subnet(number)), MapElement.Subnet(Subnet6(number)),
                .. isolated ? [] : new[] { MapElement.Within(name) },
                .. isInternal ? [MapElement.Internal(name)] : new[] { MapElement.Masqueraded(Subnet(number)), MapElement.Masqueraded(Subnet6(number)) },
            ]);
        });
    }

    /// <summary>A container on a network, as a plan would wire it: 10.0.NUMBER.LAST and fd00:NUMBER::LAST.</summary>
    public NetworkNamespace AddContainer(int number, int last, bool isolated = false)
    {
        var container = Own(new NetworkNamespace());
        Host.Run(() => NetworkNamespace.Route(RouteMessages.Veth(
            Pair($"v{number}-{last}", container, NetworkNamespace.IndexOf(BridgeOf(number)), HardwareAddress.Of(Address(number, last))) with { Isolated = isolated })));
        container.Run(() =>
        {
            var link = NetworkNamespace.IndexOf("eth0");
            Give(link, (Address(number, last), 24), (Address6(number, last), 64));
            NetworkNamespace.Route(
                RouteMessages.Route(LinkReference.At(link), IPNetwork.Parse("0.0.0.0/0"), Address(number, 1)),
                RouteMessages.Route(LinkReference.At(link), IPNetwork.Parse("::/0"), Address6(number, 1)));
        });
        WaitRunning(container, "eth0");
        WaitRunning(Host, $"v{number}-{last}");
        return container;
    }

    public void Publish(IPAddress address, int hostPort, IPAddress container, int port, TransportProtocol protocol = TransportProtocol.Tcp) =>
        Host.Run(() => Table.Add(MapElement.Published(new(address, hostPort, protocol, container, port))));

    /// <summary>A server in a namespace that answers each connection with its name and the client's address: <c>NAME CLIENT</c>.</summary>
    public IDisposable Serve(NetworkNamespace where, string name, IPAddress address, int port)
    {
        var server = Own(where.Run(() =>
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(16);
            return socket;
        }));
        _ = AnswerAsync(server, name);
        return server;
    }

    /// <summary>What a server tells who connects from a namespace.</summary>
    public static string? Ask(NetworkNamespace from, IPAddress address, int port) => Ask(from, address, port, EngineFixture.Patience);

    /// <summary>The same where nobody should answer; null when nobody does.</summary>
    /// <remarks>What is dropped is never answered, however long one waits, and everything else within milliseconds.</remarks>
    public static string? AskInVain(NetworkNamespace from, IPAddress address, int port) => Ask(from, address, port, TimeSpan.FromMilliseconds(700));

    public static IPAddress Address(int number, int last) => IPAddress.Parse($"10.0.{number}.{last}");

    public static IPAddress Address6(int number, int last) => IPAddress.Parse($"fd00:{number}::{last}");

    public static IPNetwork Subnet(int number) => IPNetwork.Parse($"10.0.{number}.0/24");

    public static IPNetwork Subnet6(int number) => IPNetwork.Parse($"fd00:{number}::/64");

    public static string BridgeOf(int number) => $"br{number}";

    public void Dispose()
    {
        for (var index = things.Count - 1; index >= 0; index--)
        {
            things[index].Dispose();
        }
    }

    private static async Task AnswerAsync(Socket server, string name)
    {
        try
        {
            while (true)
            {
                using var client = await server.AcceptAsync();
                var from = ((IPEndPoint)client.RemoteEndPoint!).Address;
                await client.SendAsync(Encoding.ASCII.GetBytes($"{name} {from}"));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static void Give(int link, params ReadOnlySpan<(IPAddress Address, int PrefixLength)> addresses)
    {
        foreach (var (address, length) in addresses)
        {
            NetworkNamespace.Route(RouteMessages.Address(LinkReference.At(link), address, length));
        }

        NetworkNamespace.Route(RouteMessages.LinkUp(LinkReference.At(link), linkLocal: false));
    }

    private static string? Ask(NetworkNamespace from, IPAddress address, int port, TimeSpan patience) => from.Run(() =>
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!socket.ConnectAsync(address, port).Wait(patience))
            {
                return null;
            }

            var buffer = new byte[256];
            return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
        }
        catch (Exception exception) when (exception is SocketException or AggregateException)
        {
            return null;
        }
    });

    // The kernel tells bridges of a new carrier at leisure, up to a second later where both ends happen to have one index.
    private static void WaitRunning(NetworkNamespace where, string name) => EngineFixture.Eventually(
        () => where.Run(() =>
        {
            using var socket = new RouteSocket();
            return socket.FindLink(name)!.IsRunning;
        }), $"{name} has a carrier");

    private static VethLink Pair(string name, NetworkNamespace inside, int bridge, System.Net.NetworkInformation.PhysicalAddress address) =>
        new(name, 0, bridge, address, 0, inside.Descriptor) { NumberedByRun = false };

    private T Own<T>(T thing)
        where T : IDisposable
    {
        things.Add(thing);
        return thing;
    }
}
