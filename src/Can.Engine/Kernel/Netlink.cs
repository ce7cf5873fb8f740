using System.Buffers.Binary;

namespace Can.Engine.Kernel;

/// <summary>Literal rtnetlink messages for a plan.</summary>
/// <remarks>rtnetlink(7); fields are in the host's byte order, which is little-endian wherever .NET runs on Linux but for s390x.</remarks>
public static class Netlink
{
    private const int HeaderLength = 16; // struct nlmsghdr
    private const int InterfaceLength = 16; // struct ifinfomsg
    private const ushort RTM_NEWLINK = 16;
    private const ushort NLM_F_REQUEST = 1;
    private const ushort NLM_F_ACK = 4;
    private const uint IFF_UP = 1;
    private const int LoopbackIndex = 1;

    /// <summary>RTM_NEWLINK that sets IFF_UP on interface 1, the loopback interface of every network namespace.</summary>
    public static byte[] LoopbackUp()
    {
        var message = new byte[HeaderLength + InterfaceLength];
        var header = message.AsSpan(0, HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], RTM_NEWLINK);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], NLM_F_REQUEST | NLM_F_ACK);

        var link = message.AsSpan(HeaderLength);
        BinaryPrimitives.WriteInt32LittleEndian(link[4..], LoopbackIndex);
        BinaryPrimitives.WriteUInt32LittleEndian(link[8..], IFF_UP); // ifi_flags
        BinaryPrimitives.WriteUInt32LittleEndian(link[12..], IFF_UP); // ifi_change: the flags that count
        return message;
    }
}
