using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Can.Engine.Images.Tar;

namespace Can.Engine.Images.Importing;

/// <summary>
/// Runs an import's three parts at once: one thread makes the archive's bytes (reads, decompresses), one hashes them, and the
/// caller's own unpacks them. A fixed number of blocks goes round between them, so memory stays the same however long it is.
/// </summary>
internal sealed class BlockPipe : IDisposable
{
    // Small enough to stay in a core's cache between the three, large enough that handing over costs nothing.
    private const int BlockSize = 256 * 1024;
    private const int BlockCount = 16;

    private readonly BlockingCollection<Block> free = [];
    private readonly BlockingCollection<Block> toHash = [];
    private readonly BlockingCollection<Block> toConsume = [];
    private readonly CancellationToken cancellation;
    private readonly CancellationTokenSource stop;
    private ExceptionDispatchInfo? failure;

    private BlockPipe(CancellationToken cancellation)
    {
        this.cancellation = cancellation;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        for (var i = 0; i < BlockCount; i++)
        {
            free.Add(new Block(), CancellationToken.None);
        }
    }

    /// <summary>Runs the parts to their end.</summary>
    /// <param name="source">Makes the bytes.</param>
    /// <param name="consume">Takes them, on the calling thread; what it leaves is hashed all the same.</param>
    /// <param name="cancellation">Stops all three.</param>
    /// <returns>SHA-256 of all bytes as 64 hexadecimal digits.</returns>
    public static string Run(RootSource source, Action<TarInput> consume, CancellationToken cancellation)
    {
        using var pipe = new BlockPipe(cancellation);
        return pipe.Run(source, consume);
    }

    public void Dispose()
    {
        stop.Dispose();
        free.Dispose();
        toHash.Dispose();
        toConsume.Dispose();
    }

    private string Run(RootSource source, Action<TarInput> consume)
    {
        var digest = "";
        var making = Begin("can import: read", () => Produce(source));
        var hashing = Begin("can import: hash", () => digest = Hash());
        try
        {
            var reader = new BlockReader(this);
            consume(reader);
            reader.Drain();
            hashing.Join();
        }
        finally
        {
            stop.Cancel();
            making.Join();
            hashing.Join();
        }

        failure?.Throw();
        return digest;
    }

    private Thread Begin(string name, Action action)
    {
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The calling thread knows why.
            }
            catch (Exception exception)
            {
                // Handed on to the calling thread. The first one is the cause; the others are its consequences.
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
                stop.Cancel();
            }
        })
        { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    private void Produce(RootSource source)
    {
        var writer = new BlockWriter(() => free.Take(stop.Token), Send);
        source.Produce(writer);
        writer.Complete();
        toHash.CompleteAdding();
        toConsume.CompleteAdding();
    }

    private void Send(Block block)
    {
        block.Users = 2;
        toHash.Add(block);
        toConsume.Add(block);
    }

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var block in toHash.GetConsumingEnumerable(stop.Token))
        {
            hash.AppendData(block.Data, 0, block.Length);
            Release(block);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void Release(Block block)
    {
        if (Interlocked.Decrement(ref block.Users) == 0)
        {
            free.Add(block);
        }
    }

    private Block? Next()
    {
        try
        {
            return toConsume.TryTake(out var block, Timeout.Infinite, stop.Token) ? block : null;
        }
        catch (OperationCanceledException)
        {
            failure?.Throw();
            cancellation.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>A piece of the archive.</summary>
    internal sealed class Block
    {
        public byte[] Data { get; } = GC.AllocateUninitializedArray<byte>(BlockSize);

        public int Length { get; set; }

        /// <summary>How many have still to be done with it.</summary>
        public int Users;
    }

    private sealed class BlockReader(BlockPipe pipe) : TarInput
    {
        private Block? current;
        private int position;

        public override ReadOnlySpan<byte> Take(long maximum)
        {
            if (current is null || position == current.Length)
            {
                Advance();
            }

            if (current is null)
            {
                return [];
            }

            var piece = current.Data.AsSpan(position, (int)Math.Min(maximum, current.Length - position));
            position += piece.Length;
            return piece;
        }

        public void Drain()
        {
            do
            {
                Advance();
            }
            while (current is not null);
        }

        private void Advance()
        {
            if (current is not null)
            {
                pipe.Release(current);
            }

            current = pipe.Next();
            position = 0;
        }
    }
}

/// <summary>Where a producer puts its bytes: blocks that are handed on when, and only when, they are full.</summary>
/// <param name="take">Waits for an empty block.</param>
/// <param name="send">Hands a block on.</param>
internal sealed class BlockWriter(Func<BlockPipe.Block> take, Action<BlockPipe.Block> send)
{
    private BlockPipe.Block? current;
    private int used;

    /// <summary>Where the next bytes go; never empty. <see cref="Advance"/> says how many there are.</summary>
    public Span<byte> Space
    {
        get
        {
            current ??= take();
            return current.Data.AsSpan(used);
        }
    }

    /// <summary>That many bytes have been put into <see cref="Space"/>.</summary>
    public void Advance(int count)
    {
        used += count;
        if (used == current?.Data.Length)
        {
            Complete();
        }
    }

    /// <summary>Copies bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var space = Space;
            var count = Math.Min(space.Length, bytes.Length);
            bytes[..count].CopyTo(space);
            Advance(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>Hands on what there is.</summary>
    public void Complete()
    {
        if (current is { } block && used > 0)
        {
            block.Length = used;
            (current, used) = (null, 0);
            send(block);
        }
    }
}
