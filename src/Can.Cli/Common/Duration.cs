using System.Globalization;

namespace Can.Cli.Common;

/// <summary>Times as Docker takes them: <c>90s</c>, <c>1m30s</c>, <c>1.5h</c>, <c>200ms</c>; a bare number means seconds.</summary>
internal static class Duration
{
    /// <summary>The time span of a text.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static TimeSpan Parse(string text)
    {
        var total = 0.0;
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExceptInRange('.', '9'); // . / 0-9; a slash is no number below
            var number = digits < 0 ? rest : rest[..digits];
            rest = rest[number.Length..];
            var letters = rest.IndexOfAnyInRange('.', '9');
            var unit = letters < 0 ? rest : rest[..letters];
            rest = rest[unit.Length..];
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || Seconds(unit, text) is not { } factor)
            {
                throw Invalid(text);
            }

            total += value * factor;
        }

        return text.Length > 0 && total <= int.MaxValue ? TimeSpan.FromSeconds(total) : throw Invalid(text);
    }

    private static double? Seconds(ReadOnlySpan<char> unit, string text) => unit switch
    {
        "" when text.AsSpan().IndexOfAnyExceptInRange('.', '9') < 0 => 1,
        "ns" => 1e-9,
        "us" or "µs" => 1e-6,
        "ms" => 1e-3,
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => null,
    };

    private static UsageException Invalid(string text) => new($"'{text}' is no time such as 90s, 1m30s or 200ms");
}
