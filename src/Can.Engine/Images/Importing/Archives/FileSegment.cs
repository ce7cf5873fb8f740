using Can.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>A part of a file as a stream; several parts of one file may be read at once. The handle stays the caller's.</summary>
internal sealed class FileSegment(SafeFileHandle file, long offset, long length, string path) : ForwardStream
{
    private long position;

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, length - position);
        if (wanted == 0)
        {
            return 0;
        }

        try
        {
            var count = RandomAccess.Read(file, buffer[..wanted], offset + position);
            position += count;
            return count;
        }
        catch (IOException exception)
        {
            throw StorageError.From(exception.HResult, "read", path);
        }
    }
}
