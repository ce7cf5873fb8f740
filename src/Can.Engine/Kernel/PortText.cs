using System.Buffers.Binary;
using System.Net;

namespace Can.Engine.Kernel;

/// <summary>Ports as people write them.</summary>
internal static class PortText
{
    private const int KeyLength = 24; // struct port_address of native/plan_format.h

    /// <summary><c>127.0.0.1:80/tcp</c>, <c>[::1]:53/udp</c>; <c>127.0.0.1:PORT/tcp</c> for one that the kernel will pick.</summary>
    public static string Of(IPAddress address, int port, TransportProtocol protocol)
    {
        var text = new IPEndPoint(address, port).ToString();
        return $"{(port == 0 ? $"{text[..^1]}PORT" : text)}/{protocol.ToString().ToLowerInvariant()}";
    }

    /// <summary>A sequence of keys (<see cref="PortReservation.KeyOf"/>) as a list.</summary>
    public static string List(byte[] keys) => string.Join(", ", keys.Chunk(KeyLength).Where(key => key.Length == KeyLength).Select(Of));

    private static string Of(byte[] key)
    {
        var six = BinaryPrimitives.ReadUInt16LittleEndian(key.AsSpan(2)) == Libc.AF_INET6;
        return Of(new IPAddress(key.AsSpan(8, six ? 16 : 4)), BinaryPrimitives.ReadUInt16BigEndian(key.AsSpan(4)),
            (TransportProtocol)BinaryPrimitives.ReadUInt16LittleEndian(key));
    }
}
