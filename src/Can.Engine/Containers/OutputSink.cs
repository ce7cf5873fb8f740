namespace Can.Engine.Containers;

/// <summary>Where the bytes of one of a process's output streams go.</summary>
internal abstract class OutputSink
{
    /// <summary>Takes bytes as they arrive.</summary>
    internal abstract void Add(ReadOnlySpan<byte> data);

    /// <summary>No more will come.</summary>
    internal abstract void End();

    /// <summary>A stream that gets the bytes as they are, or else whoever wants lines of text.</summary>
    internal static OutputSink For(Stream? stream, OutputSource source, Action<OutputLine> onLine) =>
        stream is null ? new LineSplitter(source, onLine) : new StreamSink(stream);

    private sealed class StreamSink(Stream stream) : OutputSink
    {
        internal override void Add(ReadOnlySpan<byte> data) => stream.Write(data);

        internal override void End() => stream.Flush();
    }
}
