using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel;

/// <summary>
/// A port of the host that nobody else can bind, held by a bound socket that neither listens nor keeps what arrives. The monitor
/// inherits the socket and holds it as long as the container lives.
/// </summary>
internal sealed class PortReservation : IDisposable
{
    private const int AddressLength = 28; // struct sockaddr_in6, the longer one
    private const ushort BPF_RET = 6; // a filter of one instruction that keeps 0 bytes

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
    public static PortReservation Bind(IPAddress address, int port, TransportProtocol protocol)
    {
        var socket = Open(address, protocol);
        try
        {
            var errno = TryBind(socket, address, port);
            if (errno == Errno.EADDRINUSE && port != 0 && protocol == TransportProtocol.Tcp)
            {
                errno = TryBindOverClosed(socket, address, port);
            }

            if (errno != 0)
            {
                throw Refused(errno, address, port, protocol);
            }

            DropArrivals(socket);
            return new(socket, address, port != 0 ? port : PortOf(socket), protocol);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What the monitor knows this reservation by (struct port_address of native/plan_format.h): protocol and family as two bytes each,
    /// the port in network byte order, two bytes of padding, and 16 bytes of address.
    /// </summary>
    public byte[] Key() => KeyOf(Address, Port, Protocol);

    /// <inheritdoc cref="Key"/>
    public static byte[] KeyOf(IPAddress address, int port, TransportProtocol protocol)
    {
        var key = new byte[24];
        BinaryPrimitives.WriteUInt16LittleEndian(key, (ushort)protocol);
        BinaryPrimitives.WriteUInt16LittleEndian(key.AsSpan(2), FamilyOf(address));
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(4), (ushort)port);
        address.TryWriteBytes(key.AsSpan(8), out _);
        return key;
    }

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();

    private static ushort FamilyOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? (ushort)Libc.AF_INET6 : (ushort)Libc.AF_INET;

    private static SafeFileHandle Open(IPAddress address, TransportProtocol protocol)
    {
        var type = protocol == TransportProtocol.Udp ? Libc.SOCK_DGRAM : Libc.SOCK_STREAM;
        var number = Libc.socket(FamilyOf(address), type | Libc.SOCK_CLOEXEC, (int)protocol);
        if (number < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            throw new CanException("ProtocolNotSupported", CanErrorCategory.NotInstalled,
                $"No {Name(protocol)} port can be published on {address}: this kernel offers no such socket ({Marshal.GetPInvokeErrorMessage(errno)}). "
                + (protocol == TransportProtocol.Sctp ? "Load the kernel module sctp, or publish another protocol." : "Publish on an address of the other IP version."),
                protocol);
        }

        var socket = new SafeFileHandle(number, true);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            Libc.SetOption(socket, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 1); // :: and 0.0.0.0 are reserved each by itself
        }

        return socket;
    }

    private static unsafe int TryBind(SafeFileHandle socket, IPAddress address, int port)
    {
        Span<byte> name = stackalloc byte[AddressLength];
        name.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(name, FamilyOf(address));
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], (ushort)port);
        var six = address.AddressFamily == AddressFamily.InterNetworkV6;
        address.TryWriteBytes(name[(six ? 8 : 4)..], out _);
        if (six)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(name[24..], (uint)address.ScopeId);
        }

        fixed (byte* start = name)
        {
            return Libc.bind(socket, start, six ? (uint)AddressLength : 16) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    // Closed connections of a server that used the port before (TIME_WAIT) are in nobody's way, but only SO_REUSEADDR looks past
    // them. It is taken back at once, else a later server that sets it too could listen beside the reservation.
    private static int TryBindOverClosed(SafeFileHandle socket, IPAddress address, int port)
    {
        Libc.SetOption(socket, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
        var errno = TryBind(socket, address, port);
        Libc.SetOption(socket, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 0);
        return errno;
    }

    // Datagrams that come before the translation is there, or after it, would fill the socket's buffer, which nobody reads.
    private static unsafe void DropArrivals(SafeFileHandle socket)
    {
        var instruction = stackalloc ulong[1]; // struct sock_filter: u16 code, u8 jt, u8 jf, u32 k
        instruction[0] = BPF_RET;
        var program = stackalloc ulong[2]; // struct sock_fprog: u16 length, padding, pointer
        program[0] = 1;
        program[1] = (ulong)instruction;
        if (Libc.setsockopt(socket, Libc.SOL_SOCKET, Libc.SO_ATTACH_FILTER, program, 16) != 0)
        {
            throw Libc.Error("Attaching a filter to a port's socket");
        }
    }

    private static unsafe int PortOf(SafeFileHandle socket)
    {
        var name = stackalloc byte[AddressLength];
        uint length = AddressLength;
        return Libc.getsockname(socket, name, &length) == 0
            ? BinaryPrimitives.ReadUInt16BigEndian(new ReadOnlySpan<byte>(name + 2, 2))
            : throw Libc.Error("Asking for the port that the kernel chose");
    }

    private static CanException Refused(int errno, IPAddress address, int port, TransportProtocol protocol) => errno switch
    {
        Errno.EADDRINUSE when port == 0 => new("PortInUse", CanErrorCategory.ResourceUnavailable,
            $"No {Name(protocol)} port is free on {address}.", address),
        Errno.EADDRINUSE => new("PortInUse", CanErrorCategory.ResourceExists,
            $"Port {port}/{Name(protocol)} of {address} is in use by another program or container. Publish another port, or none (0) for a free one.", port),
        Errno.EADDRNOTAVAIL => new("PublishAddressNotFound", CanErrorCategory.ObjectNotFound,
            $"A port cannot be published on {address}: this host has no such address. Use 0.0.0.0 for all of its addresses.", address),
        Errno.EACCES => new("PortPermissionDenied", CanErrorCategory.PermissionDenied,
            $"Port {port}/{Name(protocol)} cannot be published: ports below 1024 take the capability CAP_NET_BIND_SERVICE.", port),
        _ => new("PortNotReserved", CanErrorCategory.OperatingSystem,
            $"Port {port}/{Name(protocol)} of {address} cannot be reserved: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}).", port),
    };

    private static string Name(TransportProtocol protocol) => protocol.ToString().ToLowerInvariant();
}
