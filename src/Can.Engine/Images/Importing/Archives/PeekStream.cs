namespace Can.Engine.Images.Importing.Archives;

/// <summary>A stream whose beginning can be looked at before it is read. The source stays the caller's.</summary>
internal sealed class PeekStream : ForwardStream
{
    private readonly Stream source;
    private readonly byte[] start;
    private readonly int length;
    private int position;

    /// <summary>Looks at the beginning.</summary>
    /// <param name="source">What is read.</param>
    /// <param name="count">Bytes to look at.</param>
    public PeekStream(Stream source, int count)
    {
        this.source = source;
        start = new byte[count];
        length = source.ReadAtLeast(start, count, throwOnEndOfStream: false);
    }

    /// <summary>The first bytes; fewer than asked for if there are not more.</summary>
    public ReadOnlySpan<byte> Start => start.AsSpan(0, length);

    public override int Read(Span<byte> buffer)
    {
        if (position == length)
        {
            return source.Read(buffer);
        }

        var count = Math.Min(buffer.Length, length - position);
        start.AsSpan(position, count).CopyTo(buffer);
        position += count;
        return count;
    }
}
