using Can.Cli.Common.Listing;

namespace Can.Cli.Common.Progress;

/// <summary>A bar of characters with bytes and rate.</summary>
internal static class Bar
{
    private const int Widest = 40;

    /// <summary>What stands beside the bar, at most.</summary>
    private const int Beside = 50;

    /// <summary>The text for a moment.</summary>
    /// <param name="label">What is on its way.</param>
    /// <param name="done">Bytes so far.</param>
    /// <param name="total">Bytes in the end; 0 when that is not known.</param>
    /// <param name="rate">Bytes a second; 0 when that is not known.</param>
    /// <param name="width">Columns there are.</param>
    public static string Text(string label, long done, long total, double rate, int width)
    {
        var speed = rate >= 1 ? $"  {Human.Size((long)rate)}/s" : "";
        if (total <= 0)
        {
            return $"{label}  {Human.Size(done)}{speed}";
        }

        var columns = Math.Clamp(width - label.Length - Beside, 0, Widest);
        var filled = (int)(columns * Math.Min(done, total) / total);
        var bar = columns < 5 ? "" : $" [{new string('=', filled)}{new string(' ', columns - filled)}]";
        return $"{label}{bar}  {Human.Size(Math.Min(done, total))} of {Human.Size(total)}{speed}";
    }
}
