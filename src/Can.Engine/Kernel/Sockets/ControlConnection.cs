using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Starting;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Sockets;

/// <summary>
/// A connection to a monitor's control socket: one message a packet, its first byte the type (enum control_type of
/// native/plan_format.h).
/// </summary>
internal sealed class ControlConnection : IDisposable
{
    /// <summary>Bytes in a packet, its type included.</summary>
    internal const int MaximumPacket = 65536;

    private ControlConnection(SafeFileHandle handle) => Handle = handle;

    /// <summary>The socket.</summary>
    internal SafeFileHandle Handle { get; }

    /// <summary>Connects to the monitor of a container; null when there is none.</summary>
    /// <param name="runDirectory">The container's run directory, which may be longer than a socket's address.</param>
    internal static unsafe ControlConnection? TryConnect(string runDirectory)
    {
        using var directory = new SafeFileHandle(Libc.open(runDirectory, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0), true);
        if (directory.IsInvalid)
        {
            return null;
        }

        var socket = NewSocket();
        var path = Encoding.ASCII.GetBytes($"/proc/self/fd/{directory.DangerousGetHandle()}/control");
        var address = stackalloc byte[sizeof(ushort) + path.Length + 1];
        *(ushort*)address = Libc.AF_UNIX;
        path.CopyTo(new Span<byte>(address + sizeof(ushort), path.Length));
        address[sizeof(ushort) + path.Length] = 0;
        if (Libc.connect(socket, address, (uint)(sizeof(ushort) + path.Length + 1)) == 0)
        {
            return new ControlConnection(socket);
        }

        var errno = Marshal.GetLastPInvokeError();
        var error = errno is Errno.ENOENT or Errno.ECONNREFUSED ? null : Libc.Error($"Connecting to the monitor in {runDirectory}");
        socket.Dispose();
        return error is null ? null : throw error;
    }

    /// <summary>Two joined connections: the caller's, and the one a new monitor inherits as FD_CONSOLE.</summary>
    internal static unsafe (ControlConnection Here, SafeFileHandle There) Pair()
    {
        var pair = stackalloc int[2];
        if (Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_SEQPACKET | Libc.SOCK_CLOEXEC, 0, pair) != 0)
        {
            throw Libc.Error("Making a console connection");
        }

        return (new ControlConnection(new SafeFileHandle(pair[0], true)), new SafeFileHandle(pair[1], true));
    }

    /// <summary>Hands bound sockets to the monitor, which holds them as long as the container lives.</summary>
    /// <returns>False when the monitor has gone.</returns>
    internal bool Reserve(IReadOnlyList<PortReservation> ports, CancellationToken cancellation)
    {
        foreach (var some in ports.Chunk(HelperProtocol.PortsInPacket))
        {
            if (!SendDescriptors(ControlType.Reserve, [.. some.Select(port => port.Socket)]) || !AwaitAcknowledgement(ControlType.Reserve, cancellation))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Tells the monitor to give ports back; those that it does not hold are fine.</summary>
    /// <param name="keys">See <see cref="PortReservation.KeyOf"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when the monitor has gone.</returns>
    internal bool Release(IEnumerable<byte[]> keys, CancellationToken cancellation) =>
        keys.Chunk(1024).All(some => Request(ControlType.Release, some.SelectMany(key => key).ToArray(), cancellation));

    /// <summary>Sends a message and waits for its acknowledgement.</summary>
    /// <returns>False when the monitor has gone.</returns>
    internal bool Request(ControlType type, ReadOnlySpan<byte> payload, CancellationToken cancellation) =>
        Send(type, payload) && AwaitAcknowledgement(type, cancellation);

    private bool AwaitAcknowledgement(ControlType type, CancellationToken cancellation)
    {
        using var poller = new Poller(cancellation);
        Span<byte> packet = new byte[MaximumPacket];
        while (true)
        {
            poller.WaitReadable(Handle);
            var length = Receive(packet);
            if (length <= 0)
            {
                return false;
            }

            if (packet[0] == (byte)ControlType.Ack)
            {
                var errno = BinaryPrimitives.ReadInt32LittleEndian(packet[1..]);
                return errno == 0 ? true : throw new CanException("MonitorRefused", CanErrorCategory.OperatingSystem,
                    $"The monitor refused the request '{(char)type}': {Marshal.GetPInvokeErrorMessage(errno)}.");
            }
        }
    }

    /// <summary>Sends a message; waits while the monitor's queue is full.</summary>
    /// <returns>False when the monitor has gone.</returns>
    internal unsafe bool Send(ControlType type, ReadOnlySpan<byte> payload)
    {
        Span<byte> packet = payload.Length < 1024 ? stackalloc byte[payload.Length + 1] : new byte[payload.Length + 1];
        packet[0] = (byte)type;
        payload.CopyTo(packet[1..]);
        fixed (byte* start = packet)
        {
            while (Libc.send(Handle, start, packet.Length, Libc.MSG_NOSIGNAL) < 0)
            {
                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.EINTR: continue;
                    case Errno.EPIPE or Errno.ECONNRESET or Errno.ENOTCONN: return false;
                    default: throw Libc.Error("Sending to the monitor");
                }
            }
        }

        return true;
    }

    private unsafe bool SendDescriptors(ControlType type, SafeFileHandle[] descriptors)
    {
        var first = (byte)type;
        var length = sizeof(Libc.ControlMessageHeader) + (descriptors.Length * sizeof(int));
        var control = new byte[(length + 7) & ~7];
        fixed (byte* start = control)
        {
            *(Libc.ControlMessageHeader*)start = new() { Length = (nuint)length, Level = Libc.SOL_SOCKET, Type = Libc.SCM_RIGHTS };
            for (var index = 0; index < descriptors.Length; index++)
            {
                ((int*)(start + sizeof(Libc.ControlMessageHeader)))[index] = (int)descriptors[index].DangerousGetHandle();
            }

            var buffer = new Libc.BufferVector { Start = &first, Length = 1 };
            var message = new Libc.MessageHeader { Buffers = &buffer, BufferCount = 1, Control = start, ControlLength = (nuint)length };
            while (Libc.sendmsg(Handle, &message, Libc.MSG_NOSIGNAL) < 0)
            {
                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.EINTR: continue;
                    case Errno.EPIPE or Errno.ECONNRESET or Errno.ENOTCONN: return false;
                    default: throw Libc.Error("Handing ports to the monitor");
                }
            }
        }

        GC.KeepAlive(descriptors);
        return true;
    }

    /// <summary>Receives one packet; 0 when the monitor has gone, -1 when nothing is there.</summary>
    internal unsafe int Receive(Span<byte> packet)
    {
        fixed (byte* start = packet)
        {
            while (true)
            {
                var length = Libc.recv(Handle, start, packet.Length, Libc.MSG_DONTWAIT);
                if (length >= 0)
                {
                    return (int)length;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.EINTR: continue;
                    case Errno.EAGAIN: return -1;
                    case Errno.ECONNRESET: return 0;
                    default: throw Libc.Error("Receiving from the monitor");
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private static SafeFileHandle NewSocket() =>
        Libc.Own(Libc.socket(Libc.AF_UNIX, Libc.SOCK_SEQPACKET | Libc.SOCK_CLOEXEC, 0), "Making a control connection");
}
