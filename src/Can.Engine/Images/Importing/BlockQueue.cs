namespace Can.Engine.Images.Importing;

/// <summary>
/// Hands blocks from one thread to another. Waits asleep: the framework's collections spin first, which on two processors takes
/// the time from the very thread that is waited for (measured: a tenth of an import).
/// </summary>
internal sealed class BlockQueue
{
    private readonly Queue<BlockPipe.Block> blocks = new();
    private bool complete;
    private bool stopped;

    /// <summary>Puts a block at the end.</summary>
    public void Add(BlockPipe.Block block)
    {
        lock (blocks)
        {
            blocks.Enqueue(block);
            Monitor.Pulse(blocks);
        }
    }

    /// <summary>Nothing more will come.</summary>
    public void Complete()
    {
        lock (blocks)
        {
            complete = true;
            Monitor.PulseAll(blocks);
        }
    }

    /// <summary>Makes every waiting and later call fail.</summary>
    public void Stop()
    {
        lock (blocks)
        {
            stopped = true;
            Monitor.PulseAll(blocks);
        }
    }

    /// <summary>Waits for the next block; null when nothing more will come.</summary>
    /// <exception cref="OperationCanceledException">The queue was stopped.</exception>
    public BlockPipe.Block? Take()
    {
        lock (blocks)
        {
            while (true)
            {
                if (stopped)
                {
                    throw new OperationCanceledException();
                }

                if (blocks.TryDequeue(out var block))
                {
                    return block;
                }

                if (complete)
                {
                    return null;
                }

                Monitor.Wait(blocks);
            }
        }
    }
}
