using System.Runtime.ExceptionServices;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>
/// Reads something ahead on a thread of its own: a pipe, a compressed file. A read from a pipe whose writer says nothing cannot be
/// interrupted, but whoever waits here can: the thread is then left behind, and ends when its read does.
/// </summary>
internal sealed class Pump : ForwardStream
{
    private readonly BlockQueue free = new();
    private readonly BlockQueue full = new();
    private readonly CancellationTokenRegistration registration;
    private readonly CancellationToken cancellation;
    private ExceptionDispatchInfo? failure;
    private BlockPipe.Block? current;
    private int position;

    /// <summary>Begins to read.</summary>
    /// <param name="open">Opens the source, on the thread; it is disposed there too.</param>
    /// <param name="cancellation">Ends every wait.</param>
    public Pump(Func<Stream> open, CancellationToken cancellation)
    {
        this.cancellation = cancellation;
        for (var i = 0; i < BlockPipe.BlockCount; i++)
        {
            free.Add(new BlockPipe.Block());
        }

        registration = cancellation.Register(Stop);
        new Thread(() => Run(open)) { IsBackground = true, Name = "can import: pump" }.Start();
    }

    public override int Read(Span<byte> buffer)
    {
        if (current is null && !Advance())
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, current!.Length - position);
        current.Data.AsSpan(position, count).CopyTo(buffer);
        position += count;
        if (position == current.Length)
        {
            free.Add(current);
            current = null;
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            registration.Dispose();
            Stop();
        }

        base.Dispose(disposing);
    }

    private bool Advance()
    {
        try
        {
            (current, position) = (full.Take(), 0);
            return current is not null;
        }
        catch (OperationCanceledException)
        {
            failure?.Throw();
            cancellation.ThrowIfCancellationRequested();
            throw;
        }
    }

    private void Stop()
    {
        free.Stop();
        full.Stop();
    }

    private void Run(Func<Stream> open)
    {
        try
        {
            using var source = open();
            var writer = new BlockWriter(() => free.Take()!, full.Add);
            while (source.Read(writer.Space) is > 0 and var count)
            {
                writer.Advance(count);
            }

            writer.Complete();
            full.Complete();
        }
        catch (OperationCanceledException)
        {
            // Stopped; whoever reads knows why.
        }
        catch (Exception exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
            Stop();
        }
    }
}
