using Can.Engine.Archives;
using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Images.Importing;

/// <summary>
/// A directory, written as an archive in the order of its names, so that it has a diff id like any other. What is mounted inside is
/// left out, and so are sockets and the engine's own store.
/// </summary>
internal sealed class DirectorySource : IDisposable
{
    private readonly string path;
    private readonly int root;
    private readonly string store;
    private EntryWriter? entries;

    /// <param name="path">The directory.</param>
    /// <param name="store">The engine's state directory, which cannot be part of an image in it.</param>
    public DirectorySource(string path, string store)
    {
        (this.path, this.store) = (path, store);
        root = Libc.open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        if (root < 0)
        {
            throw StorageError.Last("open", path);
        }
    }

    /// <summary>Bytes read so far.</summary>
    public long Done => Volatile.Read(ref entries)?.Done ?? 0;

    /// <summary>Closes what is open.</summary>
    public void Dispose() => _ = Libc.close(root);

    /// <summary>Writes the whole archive; runs on a thread of its own.</summary>
    public void Produce(BlockWriter writer)
    {
        var storeInode = Libc.TryStatus(store, out var status) ? status.Inode : 0;
        var own = FileReading.Status(root);
        var archive = new EntryWriter(writer, path);
        Volatile.Write(ref entries, archive);
        _ = archive.TryWrite(root, "."u8, "./"u8.ToArray(), own);
        new TreeWriter(archive, path)
        {
            Skips = directory => IsHere(directory) && directory.ino == storeInode,
            Enters = IsHere,
        }.WriteContent(root, []);
        archive.End();

        bool IsHere(Libc.statx_t directory) => (directory.dev_major, directory.dev_minor) == (own.dev_major, own.dev_minor);
    }
}
