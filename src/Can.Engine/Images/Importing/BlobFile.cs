using Can.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Importing;

/// <summary>The file that becomes a blob.</summary>
internal static class BlobFile
{
    /// <summary>Makes one.</summary>
    public static SafeFileHandle Create(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        }
        catch (IOException exception)
        {
            throw StorageError.From(exception.HResult, "create", path);
        }
    }

    /// <summary>Writes a piece of it.</summary>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position)
    {
        try
        {
            RandomAccess.Write(file, bytes, position);
        }
        catch (IOException exception)
        {
            throw StorageError.From(exception.HResult, "write", "the image's blob");
        }
    }
}
