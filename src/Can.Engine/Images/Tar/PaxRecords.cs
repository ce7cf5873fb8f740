using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Can.Engine.Images.Tar;

/// <summary>The records of a pax extended header: <c>LENGTH KEY=VALUE\n</c>, values being bytes.</summary>
/// <remarks>POSIX pax(1) "pax Extended Header"; star(5) for SCHILY.xattr, libarchive's tar(5) for LIBARCHIVE.xattr.</remarks>
internal static class PaxRecords
{
    /// <summary>Calls <paramref name="record"/> for every record in order.</summary>
    public static void Parse(ReadOnlySpan<byte> data, Action<string, byte[]> record)
    {
        while (!data.IsEmpty)
        {
            if (!Utf8Parser.TryParse(data, out int length, out var digits)
                || length <= digits + 2
                || length > data.Length
                || data[digits] != ' '
                || data[length - 1] != '\n')
            {
                throw ImageError.Corrupt("an extended header's record has no proper length");
            }

            var body = data[(digits + 1)..(length - 1)];
            var equals = body.IndexOf((byte)'=');
            if (equals <= 0)
            {
                throw ImageError.Corrupt("an extended header's record has no key");
            }

            // Keys are UTF-8, but an xattr's name within one may be any bytes: Latin-1 keeps them apart one by one.
            record(Encoding.Latin1.GetString(body[..equals]), body[(equals + 1)..].ToArray());
            data = data[length..];
        }
    }

    /// <summary>A decimal number such as a size or an owner.</summary>
    public static long Number(ReadOnlySpan<byte> value, string key) =>
        Utf8Parser.TryParse(value, out long number, out var used) && used == value.Length
            ? number
            : throw ImageError.Corrupt($"the extended header's '{key}' is no number");

    /// <summary>Seconds with any number of decimals, possibly before 1970; cut off to nanoseconds towards the past.</summary>
    public static (long Seconds, long Nanoseconds) Time(ReadOnlySpan<byte> value, string key)
    {
        var point = value.IndexOf((byte)'.');
        var negative = value.StartsWith("-"u8);
        var seconds = Number(point < 0 ? value : value[..point], key);
        if (point < 0)
        {
            return (seconds, 0);
        }

        long nanoseconds = 0;
        var fraction = value[(point + 1)..];
        for (var i = 0; i < 9; i++)
        {
            var digit = i < fraction.Length ? fraction[i] - '0' : 0;
            nanoseconds = digit is >= 0 and <= 9 ? (nanoseconds * 10) + digit : throw ImageError.Corrupt($"the extended header's '{key}' is no time");
        }

        return negative && nanoseconds > 0 ? (seconds - 1, 1_000_000_000 - nanoseconds) : (seconds, nanoseconds);
    }

    /// <summary>The extended attribute that a record stands for; null if it stands for something else.</summary>
    public static ExtendedAttribute? Attribute(string key, byte[] value)
    {
        const string schily = "SCHILY.xattr.", libarchive = "LIBARCHIVE.xattr.";
        if (key.StartsWith(schily, StringComparison.Ordinal))
        {
            return new(Encoding.Latin1.GetBytes(key[schily.Length..]), value);
        }

        if (!key.StartsWith(libarchive, StringComparison.Ordinal))
        {
            return null;
        }

        // libarchive leaves the padding out.
        var padded = new byte[(value.Length + 3) / 4 * 4];
        padded.AsSpan().Fill((byte)'=');
        value.CopyTo(padded, 0);
        if (Base64.DecodeFromUtf8InPlace(padded, out var length) != OperationStatus.Done)
        {
            throw ImageError.Corrupt($"the extended header's '{key}' is not base64");
        }

        return new(PercentDecode(key[libarchive.Length..]), padded[..length]);
    }

    private static byte[] PercentDecode(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var encoded = text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]);
            bytes.Add(encoded ? Convert.FromHexString(text.AsSpan(i + 1, 2))[0] : (byte)text[i]);
            i += encoded ? 2 : 0;
        }

        return [.. bytes];
    }
}
