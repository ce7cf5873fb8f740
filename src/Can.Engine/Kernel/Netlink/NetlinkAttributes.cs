using System.Buffers.Binary;
using System.Text;

namespace Can.Engine.Kernel.Netlink;

/// <summary>Reads attributes of netlink messages.</summary>
internal static class NetlinkAttributes
{
    private const int HeaderLength = 4; // struct nlattr
    private const ushort NLA_TYPE_MASK = 0x3FFF;

    /// <summary>The value of the first attribute of a type; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort type)
    {
        for (; Next(attributes, out var found, out var value, out var rest); attributes = rest)
        {
            if (found == type)
            {
                return value;
            }
        }

        return [];
    }

    /// <summary>The first attribute, and those behind it; false at the end.</summary>
    public static bool Next(ReadOnlySpan<byte> attributes, out ushort type, out ReadOnlySpan<byte> value, out ReadOnlySpan<byte> rest)
    {
        type = 0;
        value = rest = [];
        if (attributes.Length < HeaderLength)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
        if (length < HeaderLength || length > attributes.Length)
        {
            return false;
        }

        type = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) & NLA_TYPE_MASK);
        value = attributes[HeaderLength..length];
        rest = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        return true;
    }

    /// <summary>A number in the host's byte order; 0 when the attribute is missing.</summary>
    public static uint Number(ReadOnlySpan<byte> attributes, ushort type) =>
        Find(attributes, type) is { Length: >= sizeof(uint) } value ? BinaryPrimitives.ReadUInt32LittleEndian(value) : 0;

    /// <summary>Text without its NUL; empty when the attribute is missing.</summary>
    public static string Text(ReadOnlySpan<byte> attributes, ushort type) =>
        Encoding.UTF8.GetString(Find(attributes, type).TrimEnd((byte)0));
}
