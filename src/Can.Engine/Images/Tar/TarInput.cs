namespace Can.Engine.Images.Tar;

/// <summary>The bytes of an archive, handed out in pieces that lie in somebody else's buffer.</summary>
internal abstract class TarInput
{
    /// <summary>
    /// The next bytes: at most <paramref name="maximum"/>, none only at the end. Positions that are multiples of
    /// <see cref="TarHeader.BlockSize"/> start a piece of at least that size, unless the input ends. Valid until the next call.
    /// </summary>
    public abstract ReadOnlySpan<byte> Take(long maximum);

    /// <summary>Goes over bytes that nobody wants; afterwards the position is a multiple of the block size.</summary>
    /// <returns>How many there were; fewer than wanted only at the end.</returns>
    public virtual long Skip(long count)
    {
        var left = count;
        while (left > 0 && Take(left) is { IsEmpty: false } piece)
        {
            left -= piece.Length;
        }

        return count - left;
    }
}
