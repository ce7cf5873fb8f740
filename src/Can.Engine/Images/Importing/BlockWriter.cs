namespace Can.Engine.Images.Importing;

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
