using System.Buffers.Binary;

namespace Can.Engine.Images.Tar;

/// <summary>The 512-byte header block: where its fields are and how its numbers are written.</summary>
/// <remarks>POSIX pax(1) "ustar Interchange Format"; GNU tar's manual, "Basic Tar Format".</remarks>
internal static class TarHeader
{
    /// <summary>Size of a block; headers and data begin on multiples of it.</summary>
    public const int BlockSize = 512;

    public static readonly Range NameField = 0..100;
    public static readonly Range ModeField = 100..108;
    public static readonly Range UserField = 108..116;
    public static readonly Range GroupField = 116..124;
    public static readonly Range SizeField = 124..136;
    public static readonly Range TimeField = 136..148;
    public static readonly Range ChecksumField = 148..156;
    public const int TypeOffset = 156;
    public static readonly Range LinkNameField = 157..257;
    public static readonly Range MagicField = 257..263;
    public static readonly Range DeviceMajorField = 329..337;
    public static readonly Range DeviceMinorField = 337..345;
    public static readonly Range PrefixField = 345..500;

    private static readonly Range StarPrefixField = 345..476;

    /// <summary>Whether the block says what its own sum is, as every header does.</summary>
    public static bool HasValidChecksum(ReadOnlySpan<byte> block)
    {
        if (block.Length < BlockSize || !TryParseNumber(block[ChecksumField], out var stated))
        {
            return false;
        }

        // The field itself counts as spaces. Some old writers summed signed characters.
        long unsigned = 0, signed = 0;
        for (var i = 0; i < BlockSize; i++)
        {
            var value = i is >= 148 and < 156 ? (byte)' ' : block[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        return stated == unsigned || stated == signed;
    }

    /// <summary>The name with its POSIX prefix; GNU headers keep other things where the prefix would be.</summary>
    public static byte[] Name(ReadOnlySpan<byte> block)
    {
        var name = UntilNul(block[NameField]);
        if (!block[MagicField].SequenceEqual("ustar\0"u8))
        {
            return name.ToArray();
        }

        // star keeps access and change times at the prefix's end.
        var prefix = UntilNul(block[block[508..512].SequenceEqual("tar\0"u8) ? StarPrefixField : PrefixField]);
        return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    /// <summary>The bytes before the first NUL.</summary>
    public static ReadOnlySpan<byte> UntilNul(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;

    /// <summary>A number: octal text, or base 256 where its first bit is set.</summary>
    public static long Number(ReadOnlySpan<byte> field, string what) =>
        TryParseNumber(field, out var value) ? value : throw ImageError.Corrupt($"a header's {what} is no number");

    private static bool TryParseNumber(ReadOnlySpan<byte> field, out long value)
    {
        if ((field[0] & 0x80) != 0)
        {
            return TryParseBinary(field, out value);
        }

        value = 0;
        foreach (var digit in UntilNul(field).Trim((byte)' '))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    /// <summary>Two's complement, big endian, whose topmost bit says only that it is binary.</summary>
    private static bool TryParseBinary(ReadOnlySpan<byte> field, out long value)
    {
        var negative = (field[0] & 0x40) != 0;
        value = BinaryPrimitives.ReadInt64BigEndian(field[^8..]);
        if (field.Length == 8)
        {
            // The mark is in the number's own topmost bit; the next one is the sign.
            value = negative ? value : value & long.MaxValue;
            return true;
        }

        // What does not fit into 64 bits is not the size, time or owner of anything.
        var first = (byte)(negative ? field[0] : field[0] & 0x7F);
        var filler = negative ? byte.MaxValue : (byte)0;
        return first == filler && !field[1..^8].ContainsAnyExcept(filler) && value < 0 == negative;
    }
}
