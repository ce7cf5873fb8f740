using Can.Engine.Images.Tar;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>An archive that comes as a stream.</summary>
internal sealed class StreamTarInput(Stream stream) : TarInput
{
    private readonly byte[] buffer = new byte[128 * TarHeader.BlockSize];
    private int length;
    private int used;

    public override ReadOnlySpan<byte> Take(long maximum)
    {
        if (used == length)
        {
            // Filled up whole, so that blocks are never torn.
            length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            used = 0;
        }

        var piece = buffer.AsSpan(used, (int)Math.Min(maximum, length - used));
        used += piece.Length;
        return piece;
    }
}
