using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Images.Importing;

/// <summary>Where a root file system comes from; whatever it is, it becomes the bytes of a tar archive.</summary>
internal abstract class RootSource : IDisposable
{
    /// <summary>Bytes read so far.</summary>
    public abstract long Done { get; }

    /// <summary>Bytes there are; 0 if unknown.</summary>
    public abstract long Total { get; }

    /// <summary>Opens a file or directory and finds out what it is.</summary>
    /// <param name="path">The file or directory.</param>
    /// <param name="store">The engine's state directory.</param>
    /// <exception cref="CanException"><c>PathNotFound</c>, <c>ImageFormatUnknown</c>, <c>LibraryMissing</c>, <c>AccessDenied</c></exception>
    public static RootSource Open(string path, string store)
    {
        if (!Libc.TryStatus(path, out var status))
        {
            throw StorageError.Last("import", path);
        }

        return (status.Mode & Libc.S_IFMT) switch
        {
            Libc.S_IFREG => new ArchiveFile(path),
            Libc.S_IFDIR => new DirectorySource(path, store),
            _ => throw ImageError.FormatUnknown(path, "is neither a file nor a directory"),
        };
    }

    /// <summary>Writes the whole archive; runs on a thread of its own.</summary>
    public abstract void Produce(BlockWriter writer);

    /// <summary>Closes what is open.</summary>
    public abstract void Dispose();
}
