using System.Globalization;

namespace Can.Cli.Common.Listing;

/// <summary>Facts as people read them, in Docker's words.</summary>
internal static class Human
{
    private static readonly string[] DecimalUnits = ["B", "kB", "MB", "GB", "TB", "PB"];
    private static readonly string[] BinaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>A time span in one unit, such as <c>5 minutes</c> or <c>About an hour</c>.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "Less than a second",
        { TotalSeconds: < 2 } => "1 second",
        { TotalSeconds: < 60 } => Count(span.TotalSeconds, "seconds"),
        { TotalMinutes: < 2 } => "About a minute",
        { TotalMinutes: < 60 } => Count(span.TotalMinutes, "minutes"),
        { TotalHours: < 1.5 } => "About an hour",
        { TotalHours: < 48 } => Count(Math.Round(span.TotalHours), "hours"),
        { TotalDays: < 14 } => Count(span.TotalDays, "days"),
        { TotalDays: < 60 } => Count(span.TotalDays / 7, "weeks"),
        { TotalDays: < 730 } => Count(span.TotalDays / 30, "months"),
        _ => Count(span.TotalDays / 365, "years"),
    };

    /// <summary>How long ago something was.</summary>
    public static string Since(DateTimeOffset moment) => $"{Duration(Elapsed(moment))} ago";

    /// <summary>From a moment till now; never negative.</summary>
    public static TimeSpan Elapsed(DateTimeOffset moment) => DateTimeOffset.Now - moment is { Ticks: > 0 } span ? span : TimeSpan.Zero;

    /// <summary>A moment, as Docker's lists show it.</summary>
    public static string Moment(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>Bytes in powers of 1000, such as <c>4.26MB</c>.</summary>
    public static string Size(long bytes) => Scale(bytes, 1000, DecimalUnits);

    /// <summary>Bytes in powers of 1024, such as <c>4.1MiB</c>.</summary>
    public static string BinarySize(long bytes) => Scale(bytes, 1024, BinaryUnits);

    /// <summary>A text cut to a length, with an ellipsis for what is left out.</summary>
    public static string Cut(string text, int length) => text.Length <= length ? text : $"{text[..(length - 1)]}…";

    private static string Count(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{(long)number} {unit}");

    private static string Scale(double value, double step, string[] units)
    {
        var unit = 0;
        while (value >= step && unit < units.Length - 1)
        {
            value /= step;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Significant(value)}{units[unit]}");
    }

    // Four significant digits at most for tables, as Docker's units package has them; its lists show three.
    private static string Significant(double value) => value switch
    {
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
