using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Processes;

/// <summary>Carries a stream to where a process reads it, on a thread of its own, until the stream or the reader ends.</summary>
internal static class StreamFeeder
{
    private const int BufferSize = 32 * 1024;

    /// <summary>Starts to carry.</summary>
    /// <param name="source">What is read.</param>
    /// <param name="sink">Takes bytes; false when nobody reads any more.</param>
    /// <param name="end">Called once at the end, whatever ended it.</param>
    internal static void Start(Stream source, Func<ReadOnlyMemory<byte>, bool> sink, Action end)
    {
        var thread = new Thread(() => Carry(source, sink, end)) { IsBackground = true, Name = "can standard input" };
        thread.Start();
    }

    private static void Carry(Stream source, Func<ReadOnlyMemory<byte>, bool> sink, Action end)
    {
        var buffer = new byte[BufferSize];
        try
        {
            int count;
            while ((count = source.Read(buffer)) > 0 && sink(buffer.AsMemory(0, count)))
            {
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or CanException)
        {
            // Whoever gave the stream has taken it away, or the reader has gone: either way there is no more to carry.
        }
        finally
        {
            end();
        }
    }

    /// <summary>A sink that writes into a pipe.</summary>
    internal static void Start(Stream source, SafeFileHandle pipe) =>
        Start(
            source,
            data =>
            {
                Libc.WriteAll(pipe, data.Span, "Writing standard input");
                return true;
            },
            pipe.Dispose);
}
