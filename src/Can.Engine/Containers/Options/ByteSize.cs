using System.Globalization;
using Can.Engine.Containers.Options;

namespace Can.Engine.Containers;

/// <summary>Sizes in bytes as people write them.</summary>
public static class ByteSize
{
    private const string Units = "KMGTP";
    private const string Expected = "bytes, or a number with a unit of K, M, G, T or P (powers of 1024), such as 64MB, 512m, 1.5g or 2GiB";

    /// <summary>The bytes of <c>64MB</c>, <c>512m</c>, <c>1.5g</c>, <c>2GiB</c> or <c>1048576</c>; <c>-1</c> stays -1 (no limit).</summary>
    /// <remarks>Units are powers of 1024 however they are spelled, as they are for Docker and for PowerShell's own literals.</remarks>
    /// <exception cref="CanException"><c>SizeInvalid</c></exception>
    public static long Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed == "-1")
        {
            return -1;
        }

        var unit = trimmed.AsSpan().TrimStart("0123456789.").Trim().ToString();
        var number = trimmed[..^unit.Length].TrimEnd();
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || Shift(unit) is not { } shift || value > long.MaxValue >> shift)
        {
            throw OptionError.Invalid("SizeInvalid", "size", text, Expected);
        }

        return (long)(value * (1L << shift));
    }

    // "" and "b" are bytes; otherwise a letter, then perhaps "b" or "ib".
    private static int? Shift(string unit)
    {
        var lower = unit.ToUpperInvariant();
        if (lower is "" or "B")
        {
            return 0;
        }

        var power = Units.IndexOf(lower[0]) + 1;
        return power > 0 && lower[1..] is "" or "B" or "IB" ? power * 10 : null;
    }
}
