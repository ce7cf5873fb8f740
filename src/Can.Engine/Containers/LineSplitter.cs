using System.Text;

namespace Can.Engine.Containers;

/// <summary>Cuts a stream of bytes into lines and hands each on as text.</summary>
internal sealed class LineSplitter(OutputSource source, Action<OutputLine> onLine) : OutputSink
{
    private readonly List<byte> rest = [];

    /// <inheritdoc/>
    internal override void Add(ReadOnlySpan<byte> data)
    {
        for (var newline = data.IndexOf((byte)'\n'); newline >= 0; newline = data.IndexOf((byte)'\n'))
        {
            Emit(data[..newline]);
            data = data[(newline + 1)..];
        }

        rest.AddRange(data);
    }

    /// <summary>The stream has ended; a last line without an end is a line.</summary>
    internal override void End()
    {
        if (rest.Count > 0)
        {
            Emit([]);
        }
    }

    private void Emit(ReadOnlySpan<byte> tail)
    {
        if (rest.Count > 0)
        {
            rest.AddRange(tail);
            tail = rest.ToArray();
            rest.Clear();
        }

        onLine(new(source, Encoding.UTF8.GetString(tail.EndsWith("\r"u8) ? tail[..^1] : tail)));
    }
}

/// <summary>Collects lines where the caller does not want them one by one.</summary>
internal sealed class LineCollector(Action<OutputLine>? onLine)
{
    private readonly List<string> output = [];
    private readonly List<string> error = [];

    internal IReadOnlyList<string> Output => output;

    internal IReadOnlyList<string> Error => error;

    internal void Take(OutputLine line)
    {
        if (onLine is not null)
        {
            onLine(line);
        }
        else
        {
            (line.Source == OutputSource.Output ? output : error).Add(line.Text);
        }
    }
}
