using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Containers;

/// <summary>Turns log bytes into entries: splits lines, joins partial ones of the same stream.</summary>
internal sealed class LogReader(string container)
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly List<byte> line = [];
    private readonly List<byte>[] partial = [[], []];
    private readonly DateTimeOffset[] latest = new DateTimeOffset[2];

    /// <summary>Reads a file from an offset to its present end.</summary>
    internal IEnumerable<LogEntry> Read(SafeFileHandle file, long offset)
    {
        Position = offset;
        int count;
        while ((count = RandomAccess.Read(file, buffer, Position)) > 0)
        {
            Position += count;
            for (var start = 0; start < count;)
            {
                var newline = Array.IndexOf(buffer, (byte)'\n', start, count - start);
                var end = newline < 0 ? count : newline;
                line.AddRange(buffer.AsSpan(start, end - start));
                start = end + 1;
                if (newline >= 0 && TakeLine() is { } entry)
                {
                    yield return entry;
                }
            }
        }
    }

    /// <summary>Lines that were begun and that nothing continues any more: the stream ended, or what is written so far is wanted.</summary>
    internal IEnumerable<LogEntry> Unfinished()
    {
        foreach (var source in new[] { OutputSource.Output, OutputSource.Error }.OrderBy(source => latest[(int)source]))
        {
            if (partial[(int)source] is { Count: > 0 } bytes)
            {
                yield return new(container, latest[(int)source], source, Encoding.UTF8.GetString([.. bytes]));
                bytes.Clear();
            }
        }
    }

    /// <summary>Where the next read of the same file goes on.</summary>
    internal long Position { get; private set; }

    private LogEntry? TakeLine()
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(line);
        var valid = LogLine.TryParse(bytes, out var parsed);
        LogEntry? entry = null;
        if (valid)
        {
            var before = partial[(int)parsed.Source];
            if (parsed.Partial)
            {
                before.AddRange(parsed.Text);
                latest[(int)parsed.Source] = parsed.Timestamp;
            }
            else if (before.Count == 0)
            {
                entry = new(container, parsed.Timestamp, parsed.Source, Encoding.UTF8.GetString(parsed.Text));
            }
            else
            {
                before.AddRange(parsed.Text);
                entry = new(container, parsed.Timestamp, parsed.Source, Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(before)));
                before.Clear();
            }
        }

        line.Clear();
        return entry;
    }
}
