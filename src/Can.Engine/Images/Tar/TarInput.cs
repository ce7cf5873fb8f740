namespace Can.Engine.Images.Tar;

/// <summary>The bytes of an archive, handed out in pieces that lie in somebody else's buffer.</summary>
internal abstract class TarInput
{
    /// <summary>
    /// The next bytes: at most <paramref name="maximum"/>, none only at the end. Positions that are multiples of
    /// <see cref="TarHeader.BlockSize"/> start a piece of at least that size, unless the input ends. Valid until the next call.
    /// </summary>
    public abstract ReadOnlySpan<byte> Take(long maximum);
}
