using System.Diagnostics;
using Can.Cli.Common.Listing;

namespace Can.Cli.Common.Progress;

/// <summary>The progress of something that counts bytes.</summary>
/// <param name="label">What is done.</param>
internal sealed class ByteView(string label) : IProgressView, IProgress<(long Done, long Total)>, IProgress<long>
{
    private const int Parts = 10;

    private readonly long begun = Stopwatch.GetTimestamp();
    private long done;
    private long total;
    private long told;

    /// <inheritdoc/>
    public void Report((long Done, long Total) value)
    {
        Volatile.Write(ref total, value.Total);
        Volatile.Write(ref done, value.Done);
    }

    /// <inheritdoc/>
    public void Report(long value) => Volatile.Write(ref done, value);

    /// <inheritdoc/>
    public IReadOnlyList<string> Lines(int width)
    {
        var now = Volatile.Read(ref done);
        return now == 0 ? [] : [Bar.Text(label, now, Volatile.Read(ref total), now / Stopwatch.GetElapsedTime(begun).TotalSeconds, width)];
    }

    /// <inheritdoc/>
    public IEnumerable<string> News()
    {
        var (now, all) = (Volatile.Read(ref done), Volatile.Read(ref total));
        if (all > 0 && now * Parts / all is var part && part > told)
        {
            told = part;
            yield return $"{label}: {Human.Size(now)} of {Human.Size(all)}";
        }
    }
}
