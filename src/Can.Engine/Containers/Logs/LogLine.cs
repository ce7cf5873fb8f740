using System.Globalization;
using System.Text;

namespace Can.Engine.Containers;

/// <summary>One line of a log file: <c>TIMESTAMP stdout|stderr F|P TEXT</c>.</summary>
/// <remarks>The CRI's logging format: https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md</remarks>
internal readonly ref struct LogLine
{
    private LogLine(DateTimeOffset timestamp, OutputSource source, bool partial, ReadOnlySpan<byte> text)
    {
        Timestamp = timestamp;
        Source = source;
        Partial = partial;
        Text = text;
    }

    internal DateTimeOffset Timestamp { get; }

    internal OutputSource Source { get; }

    /// <summary>The line goes on in the next entry of the same stream.</summary>
    internal bool Partial { get; }

    internal ReadOnlySpan<byte> Text { get; }

    /// <summary>Takes a line apart; false when it is none (a file cut short by a full disk).</summary>
    internal static bool TryParse(ReadOnlySpan<byte> line, out LogLine parsed)
    {
        parsed = default;
        var time = Next(ref line);
        var stream = Next(ref line);
        var tag = Next(ref line);
        if (tag.Length != 1 || !TryParseTime(time, out var timestamp))
        {
            return false;
        }

        parsed = new(timestamp, stream.SequenceEqual("stderr"u8) ? OutputSource.Error : OutputSource.Output, tag[0] == (byte)'P', line);
        return true;
    }

    /// <summary>Whether a raw line ends a message: its tag is F. Enough to count messages without taking lines apart.</summary>
    internal static bool EndsMessage(ReadOnlySpan<byte> line)
    {
        _ = Next(ref line);
        _ = Next(ref line);
        return Next(ref line).SequenceEqual("F"u8);
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        var word = space < 0 ? line : line[..space];
        line = space < 0 ? [] : line[(space + 1)..];
        return word;
    }

    private static bool TryParseTime(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        // Nanoseconds have two digits more than .NET takes.
        Span<char> characters = stackalloc char[40];
        time = default;
        if (text.Length is < 20 or > 40)
        {
            return false;
        }

        var length = Encoding.ASCII.GetChars(text, characters);
        if (length == 30 && characters[29] == 'Z')
        {
            characters[27] = 'Z';
            length = 28;
        }

        return DateTimeOffset.TryParse(characters[..length], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }
}
