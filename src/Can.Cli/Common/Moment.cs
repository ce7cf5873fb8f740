using System.Globalization;

namespace Can.Cli.Common;

/// <summary>Points in time as Docker takes them: a date, a date and time, Unix seconds, or how long ago.</summary>
internal static class Moment
{
    /// <summary>The moment of a text; without an offset it is local time.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static DateTimeOffset Parse(string text)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 253402300800)
        {
            return DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds);
        }

        if (text.Length >= 10 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var moment))
        {
            return moment;
        }

        try
        {
            return DateTimeOffset.Now - Duration.Parse(text);
        }
        catch (UsageException)
        {
            throw new UsageException($"'{text}' is no time such as 2030-01-31T12:00:00Z, 2030-01-31 or 10m");
        }
    }
}
