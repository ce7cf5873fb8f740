using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Can.Engine.Kernel.Netlink;

/// <summary>Writes netlink messages: headers, fixed parts, attributes and nested attributes, with their lengths and padding.</summary>
/// <remarks>netlink(7). Numbers are in the host's byte order, which is little-endian wherever .NET runs on Linux but for s390x.</remarks>
internal sealed class NetlinkWriter
{
    private const int HeaderLength = 16; // struct nlmsghdr
    private const int AttributeHeaderLength = 4; // struct nlattr
    private const ushort NLA_F_NESTED = 0x8000;

    private readonly List<NetlinkSlot> slots = [];
    private byte[] buffer = new byte[256];
    private int length;
    private int message;

    /// <summary>Begins a message.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="flags">NLM_F_*.</param>
    /// <param name="content">The fixed part behind the header.</param>
    public NetlinkWriter Begin(ushort type, ushort flags, ReadOnlySpan<byte> content)
    {
        message = length;
        var header = Take(HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], flags);
        content.CopyTo(Take(content.Length));
        return this;
    }

    /// <summary>Begins a message whose fixed part holds an interface's index.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="flags">NLM_F_*.</param>
    /// <param name="content">The fixed part behind the header, with the index if it is known.</param>
    /// <param name="link">The interface.</param>
    /// <param name="offset">Where in the fixed part the index is.</param>
    public NetlinkWriter Begin(ushort type, ushort flags, ReadOnlySpan<byte> content, LinkReference link, int offset)
    {
        AddSlot(length + HeaderLength + offset, link);
        return Begin(type, flags, content);
    }

    /// <summary>Ends the message: its length is known now.</summary>
    public NetlinkWriter End()
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(message), length - message);
        return this;
    }

    /// <summary>An attribute of raw bytes.</summary>
    public NetlinkWriter Bytes(ushort type, ReadOnlySpan<byte> value)
    {
        var header = Take(AttributeHeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(AttributeHeaderLength + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], type);
        value.CopyTo(Take(value.Length));
        return this;
    }

    /// <summary>A number in the host's byte order, as rtnetlink has them.</summary>
    public NetlinkWriter Number(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Bytes(type, bytes);
    }

    /// <summary>A number in network byte order, as nfnetlink has them.</summary>
    public NetlinkWriter NetworkNumber(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return Bytes(type, bytes);
    }

    /// <summary>A number of one byte.</summary>
    public NetlinkWriter Byte(ushort type, byte value) => Bytes(type, [value]);

    /// <summary>Text with its NUL.</summary>
    public NetlinkWriter Text(ushort type, string value) => Bytes(type, Encoding.UTF8.GetBytes(value + '\0'));

    /// <summary>Text with the run's number, which the helper fills in, at its end.</summary>
    public NetlinkWriter NumberedText(ushort type, string value)
    {
        slots.Add(new(NetlinkSlotKind.RunNumber, length + AttributeHeaderLength + Encoding.UTF8.GetByteCount(value)));
        return Text(type, value + "0000");
    }

    /// <summary>An IP address.</summary>
    public NetlinkWriter Address(ushort type, IPAddress value) => Bytes(type, value.GetAddressBytes());

    /// <summary>An interface's index.</summary>
    public NetlinkWriter Link(ushort type, LinkReference link)
    {
        AddSlot(length + AttributeHeaderLength, link);
        return Number(type, (uint)link.Index);
    }

    /// <summary>An attribute that holds others, and possibly a fixed part before them.</summary>
    public NetlinkWriter Nest(ushort type, Action<NetlinkWriter> content) => Nest(type, [], content);

    /// <inheritdoc cref="Nest(ushort, Action{NetlinkWriter})"/>
    public NetlinkWriter Nest(ushort type, ReadOnlySpan<byte> head, Action<NetlinkWriter> content)
    {
        var begin = length;
        BinaryPrimitives.WriteUInt16LittleEndian(Take(AttributeHeaderLength)[2..], (ushort)(type | NLA_F_NESTED));
        head.CopyTo(Take(head.Length));
        content(this);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(begin), checked((ushort)(length - begin)));
        return this;
    }

    /// <summary>What has been written.</summary>
    public NetlinkMessages Messages(NetlinkProtocol protocol) => new(protocol, buffer[..length], [.. slots]);

    private void AddSlot(int offset, LinkReference link)
    {
        if (link.Number is { } number)
        {
            slots.Add(new(NetlinkSlotKind.LinkIndex, offset, number));
        }
    }

    // The next bytes, zeroed; what follows begins at a multiple of 4.
    private Span<byte> Take(int count)
    {
        var begin = length;
        length += (count + 3) & ~3;
        if (length > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(length, buffer.Length * 2));
        }

        return buffer.AsSpan(begin, count);
    }
}
