using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel;

/// <summary>
/// A port of the host that nobody else can bind, held by a bound socket that neither listens nor keeps what arrives. The monitor
/// inherits the socket and holds it as long as the container lives.
/// </summary>
internal sealed class PortReservation : IDisposable
{
    private PortReservation(SafeFileHandle socket, IPAddress address, int port, TransportProtocol protocol) =>
        (Socket, Address, Port, Protocol) = (socket, address, port, protocol);

    /// <summary>The socket.</summary>
    public SafeFileHandle Socket { get; }

    /// <summary>The address; 0.0.0.0 or :: for all.</summary>
    public IPAddress Address { get; }

    /// <summary>The port, also where the kernel chose it.</summary>
    public int Port { get; }

    /// <summary>The protocol.</summary>
    public TransportProtocol Protocol { get; }

    /// <summary>Reserves a port in the network namespace of the calling thread.</summary>
    /// <param name="address">An address of the host; 0.0.0.0 is every IPv4 address and :: every IPv6 address (and no IPv4 one).</param>
    /// <param name="port">1 to 65535, or 0 for any free one.</param>
    /// <param name="protocol">The protocol.</param>
    /// <exception cref="CanException">
    /// <c>PortInUse</c>; <c>PublishAddressNotFound</c>: the host has no such address; <c>ProtocolNotSupported</c>: the kernel lacks SCTP or IPv6.
    /// </exception>
    public static PortReservation Bind(IPAddress address, int port, TransportProtocol protocol) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();
}
