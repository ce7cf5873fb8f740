using System.Net;
using System.Net.Sockets;
using Can.Engine.Kernel;
using Can.Engine.Tests.Kernel.Netlink;

namespace Can.Engine.Tests.Kernel;

public sealed class PortReservationTests : IDisposable
{
    private readonly Lazy<NetworkNamespace> host = new(() => new());

    [RootTheory]
    [InlineData("127.0.0.1", TransportProtocol.Tcp)]
    [InlineData("0.0.0.0", TransportProtocol.Tcp)]
    [InlineData("::", TransportProtocol.Tcp)]
    [InlineData("127.0.0.1", TransportProtocol.Udp)]
    [InlineData("::1", TransportProtocol.Udp)]
    public void A_reserved_port_is_nobody_elses(string address, TransportProtocol protocol) => host.Value.Run(() =>
    {
        var ip = IPAddress.Parse(address);
        using (var port = PortReservation.Bind(ip, 80, protocol))
        {
            Assert.Equal((ip, 80, protocol), (port.Address, port.Port, port.Protocol));
            var error = EngineFixture.Fails("PortInUse", () => PortReservation.Bind(ip, 80, protocol));
            Assert.Contains("80/", error.Message, StringComparison.Ordinal);
            Assert.False(CanServe(ip, 80, protocol));
        }

        Assert.True(CanServe(ip, 80, protocol));
    });

    [RootFact]
    public void A_port_that_a_server_uses_is_refused() => host.Value.Run(() =>
    {
        using var server = new TcpListener(IPAddress.Any, 8080);
        server.Start();
        EngineFixture.Fails("PortInUse", () => PortReservation.Bind(IPAddress.Any, 8080, TransportProtocol.Tcp));
        EngineFixture.Fails("PortInUse", () => PortReservation.Bind(IPAddress.Loopback, 8080, TransportProtocol.Tcp));
    });

    [RootFact]
    public void The_closed_connections_of_an_earlier_server_are_in_nobodys_way() => host.Value.Run(() =>
    {
        using (var server = new TcpListener(IPAddress.Loopback, 8080))
        {
            server.Start();
            using var client = new TcpClient("127.0.0.1", 8080);
            using var accepted = server.AcceptTcpClient();
            accepted.Close(); // this side closes first and stays in TIME_WAIT
            Assert.Equal(0, client.GetStream().Read(new byte[1]));
        }

        Assert.Contains(" 06 ", File.ReadAllText("/proc/thread-self/net/tcp"), StringComparison.Ordinal);
        using var port = PortReservation.Bind(IPAddress.Loopback, 8080, TransportProtocol.Tcp);
        Assert.False(CanServe(IPAddress.Loopback, 8080, TransportProtocol.Tcp));
    });

    [RootFact]
    public void Port_zero_is_any_free_one() => host.Value.Run(() =>
    {
        using var one = PortReservation.Bind(IPAddress.Any, 0, TransportProtocol.Tcp);
        using var two = PortReservation.Bind(IPAddress.Any, 0, TransportProtocol.Tcp);
        using var six = PortReservation.Bind(IPAddress.IPv6Any, one.Port, TransportProtocol.Tcp);

        Assert.InRange(one.Port, 1024, 65535);
        Assert.NotEqual(one.Port, two.Port);
        Assert.False(CanServe(IPAddress.Any, one.Port, TransportProtocol.Tcp));
    });

    [RootFact]
    public void An_address_that_the_host_lacks_is_named() => host.Value.Run(() => Assert.Contains("192.0.2.77",
        EngineFixture.Fails("PublishAddressNotFound", () => PortReservation.Bind(IPAddress.Parse("192.0.2.77"), 80, TransportProtocol.Tcp)).Message,
        StringComparison.Ordinal));

    [RootFact]
    public void A_kernel_without_SCTP_says_so() => host.Value.Run(() =>
    {
        try
        {
            using var port = PortReservation.Bind(IPAddress.Loopback, 80, TransportProtocol.Sctp);
            Assert.Equal(80, port.Port);
        }
        catch (CanException error)
        {
            Assert.Equal("ProtocolNotSupported", error.ErrorId);
            Assert.Contains("kernel module sctp", error.Message, StringComparison.Ordinal);
        }
    });

    [RootFact]
    public void Datagrams_to_a_reserved_port_are_not_kept() => host.Value.Run(() =>
    {
        using var port = PortReservation.Bind(IPAddress.Loopback, 0, TransportProtocol.Udp);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        for (var count = 0; count < 100; count++)
        {
            client.SendTo(new byte[1000], new IPEndPoint(IPAddress.Loopback, port.Port));
        }

        // tx_queue:rx_queue of the bound socket
        var line = File.ReadLines("/proc/thread-self/net/udp").Single(line => line.Contains($":{port.Port:X4} ", StringComparison.Ordinal) && line.Contains(" 07 ", StringComparison.Ordinal));
        Assert.Contains(" 00000000:00000000 ", line, StringComparison.Ordinal);
    });

    public void Dispose()
    {
        if (host.IsValueCreated)
        {
            host.Value.Dispose();
        }
    }

    // As most servers do, with SO_REUSEADDR.
    private static bool CanServe(IPAddress address, int port, TransportProtocol protocol)
    {
        var datagrams = protocol == TransportProtocol.Udp;
        using var socket = new Socket(address.AddressFamily, datagrams ? SocketType.Dgram : SocketType.Stream, datagrams ? ProtocolType.Udp : ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, !datagrams);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            if (!datagrams)
            {
                socket.Listen(1);
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
