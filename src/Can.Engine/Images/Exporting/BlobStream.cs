using Can.Engine.Images.Importing;
using Can.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Exporting;

/// <summary>An open blob from its beginning; several may read the same one at once. The blob stays open when it is disposed.</summary>
internal sealed class BlobStream(SafeFileHandle blob, string path) : ForwardStream
{
    private long position;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var count = RandomAccess.Read(blob, buffer, position);
            position += count;
            return count;
        }
        catch (IOException exception)
        {
            throw StorageError.From(exception.HResult, "read", path);
        }
    }
}
