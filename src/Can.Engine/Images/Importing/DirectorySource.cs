using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Images.Importing;

/// <summary>
/// A directory, written as an archive in the order of its names, so that it has a diff id like any other. What is mounted inside is
/// left out, and so are sockets and the engine's own store.
/// </summary>
internal sealed unsafe class DirectorySource : RootSource
{
    private readonly string path;
    private readonly int root;
    private readonly (uint, uint) fileSystem;
    private readonly string store;
    private ulong storeInode;
    private readonly Dictionary<(uint, uint, ulong), byte[]> linked = [];
    private readonly ExtendedAttributeReader attributes = new();
    private long done;

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

        fixed (byte* empty = "\0"u8)
        {
            fileSystem = FileSystemOf(Status(root, empty, Libc.AT_EMPTY_PATH));
        }
    }

    public override long Done => Interlocked.Read(ref done);

    public override long Total => 0;

    public override void Dispose() => _ = Libc.close(root);

    public override void Produce(BlockWriter writer)
    {
        storeInode = Libc.TryStatus(store, out var status) ? status.Inode : 0;
        var archive = new TarWriter(writer.Write);
        fixed (byte* itself = ".\0"u8)
        {
            archive.Begin(Describe(root, itself, "./"u8.ToArray(), Status(root, itself, 0)));
        }

        WriteDirectory(writer, archive, root, []);
        archive.End();
    }

    private static (uint, uint) FileSystemOf(in Libc.statx_t status) => (status.dev_major, status.dev_minor);

    private void WriteDirectory(BlockWriter writer, TarWriter archive, int directory, byte[] prefix)
    {
        var names = DirectoryNames.Read(directory, path);
        names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        foreach (var name in names)
        {
            fixed (byte* bytes = (byte[])[.. name, 0])
            {
                Write(writer, archive, directory, bytes, [.. prefix, .. name]);
            }
        }
    }

    private void Write(BlockWriter writer, TarWriter archive, int directory, byte* name, byte[] full)
    {
        var status = Status(directory, name, 0);
        switch (status.mode & Libc.S_IFMT)
        {
            case Libc.S_IFSOCK:
                return;
            case Libc.S_IFDIR when FileSystemOf(status) == fileSystem && status.ino == storeInode:
                return;
            case Libc.S_IFDIR:
                byte[] prefix = [.. full, (byte)'/'];
                archive.Begin(Describe(directory, name, prefix, status));
                if (FileSystemOf(status) == fileSystem)
                {
                    Enter(writer, archive, directory, name, prefix);
                }

                return;
            default:
                break;
        }

        var entry = Describe(directory, name, full, status);
        var identity = (status.dev_major, status.dev_minor, status.ino);
        if (status.nlink > 1 && !linked.TryAdd(identity, full))
        {
            entry.Type = TarEntryType.HardLink;
            entry.LinkName = linked[identity];
            entry.ExtendedAttributes.Clear();
        }

        if (entry.Type == TarEntryType.File)
        {
            WriteFile(writer, archive, directory, name, entry);
        }
        else
        {
            archive.Begin(entry);
        }
    }

    private void Enter(BlockWriter writer, TarWriter archive, int parent, byte* name, byte[] prefix)
    {
        var directory = Open(parent, name, Libc.O_DIRECTORY);
        try
        {
            WriteDirectory(writer, archive, directory, prefix);
        }
        finally
        {
            _ = Libc.close(directory);
        }
    }

    private void WriteFile(BlockWriter writer, TarWriter archive, int directory, byte* name, TarEntry entry)
    {
        var file = Open(directory, name, Libc.O_NONBLOCK);
        try
        {
            fixed (byte* empty = "\0"u8)
            {
                entry.DataLength = (long)Status(file, empty, Libc.AT_EMPTY_PATH).size;
            }

            archive.Begin(entry);
            for (var left = entry.DataLength; left > 0;)
            {
                left -= Copy(writer, file, left, entry);
            }

            archive.EndData(entry.DataLength);
        }
        finally
        {
            _ = Libc.close(file);
        }
    }

    private long Copy(BlockWriter writer, int file, long left, TarEntry entry)
    {
        var space = writer.Space;
        nint count;
        fixed (byte* bytes = space)
        {
            do
            {
                count = Libc.read(file, bytes, (nuint)Math.Min(space.Length, left));
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        }

        if (count <= 0)
        {
            throw count < 0
                ? StorageError.Last("read", PathOf(entry))
                : new CanException("ImageSourceChanged", CanErrorCategory.InvalidOperation, $"The file '{PathOf(entry)}' became shorter while it was read. Import a directory that nobody writes to.", PathOf(entry));
        }

        writer.Advance((int)count);
        Interlocked.Add(ref done, count);
        return count;
    }

    private TarEntry Describe(int directory, byte* name, byte[] full, in Libc.statx_t status)
    {
        var entry = new TarEntry
        {
            Name = full,
            Mode = status.mode & 0xFFFu,
            User = status.uid,
            Group = status.gid,
            Modified = (status.mtime_seconds, status.mtime_nanoseconds),
            Type = (status.mode & Libc.S_IFMT) switch
            {
                Libc.S_IFDIR => TarEntryType.Directory,
                Libc.S_IFLNK => TarEntryType.SymbolicLink,
                Libc.S_IFCHR => TarEntryType.CharacterDevice,
                Libc.S_IFBLK => TarEntryType.BlockDevice,
                Libc.S_IFIFO => TarEntryType.Fifo,
                _ => TarEntryType.File,
            },
        };
        if (entry.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice)
        {
            (entry.DeviceMajor, entry.DeviceMinor) = (status.rdev_major, status.rdev_minor);
        }
        else if (entry.Type == TarEntryType.SymbolicLink)
        {
            entry.LinkName = ReadLink(directory, name, status.size);
        }

        attributes.Read(directory, name, entry.ExtendedAttributes);
        return entry;
    }

    private byte[] ReadLink(int directory, byte* name, ulong size)
    {
        var text = new byte[size + 1];
        fixed (byte* bytes = text)
        {
            var length = Libc.readlinkat(directory, name, bytes, (nuint)text.Length);
            return length >= 0 ? text[..(int)length] : throw Failure("read the link", name);
        }
    }

    private Libc.statx_t Status(int directory, byte* name, int flags)
    {
        Libc.statx_t status;
        return Libc.statx(directory, name, flags | Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &status) == 0 ? status : throw Failure("look at", name);
    }

    private int Open(int directory, byte* name, int flags)
    {
        var descriptor = Libc.openat(directory, name, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC | flags, 0);
        return descriptor >= 0 ? descriptor : throw Failure("read", name);
    }

    private string PathOf(TarEntry entry) => $"{path.TrimEnd('/')}/{Encoding.UTF8.GetString(entry.Name)}";

    private CanException Failure(string what, byte* name) => StorageError.Last($"{what} of '{path}'", Marshal.PtrToStringUTF8((nint)name) ?? "");
}
