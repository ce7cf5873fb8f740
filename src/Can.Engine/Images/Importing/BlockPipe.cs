using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Can.Engine.Images.Tar;
using Can.Engine.Storage.Content;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Importing;

/// <summary>
/// Runs an import's three parts at once: one thread makes the archive's bytes (reads, decompresses), one hashes them, and the
/// caller's own unpacks them. A fixed number of blocks goes round between them, so memory stays the same however long it is.
/// </summary>
internal sealed class BlockPipe
{
    // Small enough to stay in a core's cache between the three, large enough that handing over costs nothing.
    private const int BlockSize = 256 * 1024;
    public const int BlockCount = 16;

    private readonly BlockQueue free = new();
    private readonly BlockQueue toHash = new();
    private readonly BlockQueue toConsume = new();
    private readonly SafeFileHandle? copy;
    private readonly bool hashed;
    private readonly CancellationToken cancellation;
    private ExceptionDispatchInfo? failure;

    private BlockPipe(SafeFileHandle? copy, bool hashed, CancellationToken cancellation)
    {
        (this.copy, this.hashed) = (copy, hashed);
        this.cancellation = cancellation;
        for (var i = 0; i < BlockCount; i++)
        {
            free.Add(new Block());
        }
    }

    /// <summary>Runs the parts to their end.</summary>
    /// <param name="produce">Makes the bytes, on a thread of its own.</param>
    /// <param name="copy">Gets all of them; may be null.</param>
    /// <param name="consume">Takes them, on the calling thread; what it leaves is hashed all the same.</param>
    /// <param name="cancellation">Stops all three.</param>
    /// <returns>SHA-256 of all bytes, and their number.</returns>
    public static (Digest Digest, long Length) Run(Action<BlockWriter> produce, SafeFileHandle? copy, Action<TarInput> consume, CancellationToken cancellation)
    {
        var pipe = new BlockPipe(copy, hashed: true, cancellation);
        using var registration = cancellation.Register(pipe.Stop);
        return pipe.Run(produce, consume);
    }

    /// <summary>The same without hashing: the bytes only pass from the one thread to the other.</summary>
    public static void Pass(Action<BlockWriter> produce, Action<TarInput> consume, CancellationToken cancellation)
    {
        var pipe = new BlockPipe(null, hashed: false, cancellation);
        using var registration = cancellation.Register(pipe.Stop);
        _ = pipe.Run(produce, consume);
    }

    private (Digest Digest, long Length) Run(Action<BlockWriter> produce, Action<TarInput> consume)
    {
        (Digest, long) digest = default;
        var making = Begin("can import: read", () => Produce(produce));
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
            Stop();
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
            catch (OperationCanceledException)
            {
                // Stopped; the calling thread knows why.
            }
            catch (Exception exception)
            {
                // Handed on to the calling thread. The first one is the cause; the others are its consequences.
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
                Stop();
            }
        })
        { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    private void Stop()
    {
        free.Stop();
        toHash.Stop();
        toConsume.Stop();
    }

    private void Produce(Action<BlockWriter> produce)
    {
        var writer = new BlockWriter(() => free.Take()!, Send);
        produce(writer);
        writer.Complete();
        toHash.Complete();
        toConsume.Complete();
    }

    private void Send(Block block)
    {
        block.Users = hashed ? 2 : 1;
        if (hashed)
        {
            toHash.Add(block);
        }

        toConsume.Add(block);
    }

    private (Digest Digest, long Length) Hash()
    {
        long length = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (toHash.Take() is { } block)
        {
            hash.AppendData(block.Data, 0, block.Length);
            if (copy is not null)
            {
                BlobFile.Write(copy, block.Data.AsSpan(0, block.Length), length);
            }

            length += block.Length;
            Release(block);
        }

        return (new Digest(Convert.ToHexStringLower(hash.GetHashAndReset())), length);
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
            return toConsume.Take();
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
        /// <summary>Allocated when it is first used: most layers are smaller than all blocks together.</summary>
        public byte[] Data => field ??= GC.AllocateUninitializedArray<byte>(BlockSize);

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
