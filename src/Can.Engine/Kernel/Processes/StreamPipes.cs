using Can.Engine.Containers;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Processes;

/// <summary>A pipe that a process writes to and whose bytes the caller gets.</summary>
internal sealed class OutputPipe : IDisposable
{
    /// <summary>As many reads empty a full pipe.</summary>
    internal const int ReadsToEmpty = PipeCapacity / BufferSize;

    /// <summary>What a pipe holds unless told otherwise.</summary>
    /// <remarks>pipe(7), "Pipe capacity"</remarks>
    private const int PipeCapacity = 64 * 1024;

    private const int BufferSize = 16 * 1024;

    private readonly SafeFileHandle readEnd;
    private readonly OutputSink sink;
    private readonly byte[] buffer = new byte[BufferSize];

    internal OutputPipe(OutputSink sink)
    {
        (readEnd, WriteEnd) = Libc.Pipe();
        this.sink = sink;
    }

    /// <summary>The end the process gets.</summary>
    internal SafeFileHandle WriteEnd { get; }

    /// <summary>More may come.</summary>
    internal bool IsOpen { get; private set; } = true;

    /// <summary>What to wait for.</summary>
    internal Libc.PollEntry Entry => Poller.Entry(IsOpen ? readEnd : null, Libc.POLLIN);

    /// <summary>The process has its end; only its copies keep the pipe open now.</summary>
    internal void CloseWriteEnd() => WriteEnd.Dispose();

    /// <summary>Takes what is there.</summary>
    internal void ReadIfReady(Libc.PollEntry entry)
    {
        if (entry.revents == 0)
        {
            return;
        }

        var count = Libc.Read(readEnd, buffer);
        if (count > 0)
        {
            sink.Add(buffer.AsSpan(0, count));
        }
        else if (count == 0)
        {
            End();
        }
    }

    /// <summary>No more is read; a last line without an end is a line.</summary>
    internal void End()
    {
        if (IsOpen)
        {
            IsOpen = false;
            sink.End();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        readEnd.Dispose();
        WriteEnd.Dispose();
    }
}

/// <summary>What a process reads: a stream of the caller's through a pipe, or nothing.</summary>
internal sealed class InputPipe : IDisposable
{
    private readonly Stream? source;
    private readonly SafeFileHandle? writeEnd;

    internal InputPipe(Stream? source)
    {
        this.source = source;
        if (source is null)
        {
            ReadEnd = Libc.Own(Libc.open("/dev/null", Libc.O_RDONLY | Libc.O_CLOEXEC, 0), "Opening /dev/null");
        }
        else
        {
            (ReadEnd, writeEnd) = Libc.Pipe();
        }
    }

    /// <summary>The end the process gets.</summary>
    internal SafeFileHandle ReadEnd { get; }

    /// <summary>The process has its end: the stream is carried to it from now on.</summary>
    internal void Feed()
    {
        ReadEnd.Dispose();
        if (source is not null)
        {
            StreamFeeder.Start(source, writeEnd!);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ReadEnd.Dispose();
}
