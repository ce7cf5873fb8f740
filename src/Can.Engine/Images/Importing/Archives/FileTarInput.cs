using Can.Engine.Images.Tar;
using Can.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>An archive in a file, of which only the headers are wanted: data is jumped over.</summary>
internal sealed class FileTarInput(SafeFileHandle file, string path) : TarInput
{
    private readonly byte[] buffer = new byte[8 * TarHeader.BlockSize];
    private readonly long end = RandomAccess.GetLength(file);
    private long start;
    private int length;

    /// <summary>Offset of the next byte in the file.</summary>
    public long Position { get; private set; }

    public override ReadOnlySpan<byte> Take(long maximum)
    {
        if (Position < start || Position >= start + length || (Position % TarHeader.BlockSize == 0 && start + length - Position < TarHeader.BlockSize))
        {
            Fill();
        }

        var piece = buffer.AsSpan((int)(Position - start), length - (int)(Position - start));
        piece = piece[..(int)Math.Min(maximum, piece.Length)];
        Position += piece.Length;
        return piece;
    }

    public override long Skip(long count)
    {
        var skipped = Math.Min(count, end - Position);
        Position += skipped;
        return skipped;
    }

    private void Fill()
    {
        (start, length) = (Position, 0);
        try
        {
            while (length < buffer.Length && RandomAccess.Read(file, buffer.AsSpan(length), start + length) is > 0 and var count)
            {
                length += count;
            }
        }
        catch (IOException exception)
        {
            throw StorageError.From(exception.HResult, "read", path);
        }
    }
}
