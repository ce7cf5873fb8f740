using System.Runtime.InteropServices;
using Can.Engine.Images.Importing;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Archives;

/// <summary>Writes files, one by one, as entries of an archive, exactly: bytes of names, owners, times, extended attributes, links.</summary>
/// <param name="output">Where the archive goes.</param>
/// <param name="root">What errors call the directory that all names are in.</param>
internal sealed unsafe class EntryWriter(BlockWriter output, string root)
{
    private readonly TarWriter archive = new(output.Write);
    private readonly ExtendedAttributeReader attributes = new();
    private readonly Dictionary<(uint, uint, ulong), byte[]> linked = [];
    private long done;

    /// <summary>
    /// Somebody may change the files meanwhile: one that becomes shorter is filled up with zeros, as tar does. Otherwise that is an
    /// error.
    /// </summary>
    public bool Changing { get; init; }

    /// <summary>Leaves holes out of the data. Everybody who reads pax archives knows the form; an image's layers do without.</summary>
    public bool Sparse { get; init; }

    /// <summary>Changes an entry before it is written, or leaves it out by answering false.</summary>
    public Func<TarEntry, bool>? Accept { get; init; }

    /// <summary>Bytes of file content written so far; may be read by any thread.</summary>
    public long Done => Interlocked.Read(ref done);

    /// <summary>Writes an entry for a file. What is in a directory is the caller's business; sockets are left out.</summary>
    /// <param name="directory">Descriptor of the directory it is in.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="entryName">Its name in the archive.</param>
    /// <param name="status">What it is.</param>
    /// <returns>False when it is not there any more, or something else by now: look again.</returns>
    public bool TryWrite(int directory, ReadOnlySpan<byte> name, byte[] entryName, in Libc.statx_t status)
    {
        switch (status.mode & Libc.S_IFMT)
        {
            case Libc.S_IFSOCK:
                return true;
            case Libc.S_IFREG:
                return TryWriteFile(directory, name, entryName);
            default:
                var entry = Describe(directory, name, entryName, status);
                if (entry.Type == TarEntryType.SymbolicLink)
                {
                    if (FileReading.TryReadLink(directory, name) is not { } text)
                    {
                        return false;
                    }

                    entry.LinkName = text;
                }

                if (Take(entry, status))
                {
                    archive.Begin(entry);
                }

                return true;
        }
    }

    /// <summary>Writes an empty file that stands for nothing on the disk.</summary>
    public void WriteMarker(byte[] entryName) => archive.Begin(new TarEntry { Name = entryName });

    /// <summary>Marks the archive's end.</summary>
    public void End() => archive.End();

    private bool TryWriteFile(int directory, ReadOnlySpan<byte> name, byte[] entryName)
    {
        var file = FileReading.TryOpenFile(directory, name);
        if (file < 0)
        {
            return false;
        }

        try
        {
            // Of what was opened, not of what had the name before.
            var status = FileReading.Status(file);
            var entry = Describe(directory, name, entryName, status);
            if (!Take(entry, status))
            {
                return true;
            }

            if (entry.Type == TarEntryType.HardLink)
            {
                archive.Begin(entry);
            }
            else
            {
                WriteContent(file, entry, status);
            }

            return true;
        }
        finally
        {
            _ = Libc.close(file);
        }
    }

    /// <summary>Asks whether the entry is wanted, and makes it a link if its file is in the archive already.</summary>
    private bool Take(TarEntry entry, in Libc.statx_t status)
    {
        if (Accept?.Invoke(entry) == false)
        {
            return false;
        }

        var identity = (status.dev_major, status.dev_minor, status.ino);
        if (entry.Type != TarEntryType.Directory && status.nlink > 1 && !linked.TryAdd(identity, entry.Name))
        {
            entry.Type = TarEntryType.HardLink;
            entry.LinkName = linked[identity];
            entry.ExtendedAttributes.Clear();
        }

        return true;
    }

    private void WriteContent(int file, TarEntry entry, in Libc.statx_t status)
    {
        entry.DataLength = entry.FileLength = (long)status.size;
        if (Sparse && status.blocks * TarHeader.BlockSize < status.size)
        {
            entry.Sparse = SparseFile.FindData(file, entry.FileLength);
            entry.DataLength = entry.Sparse?.Sum(static part => part.Length) ?? entry.FileLength;
        }

        archive.Begin(entry);
        if (entry.Sparse is null)
        {
            CopyPart(file, entry, entry.DataLength);
        }
        else
        {
            foreach (var part in entry.Sparse)
            {
                _ = Libc.lseek(file, part.Offset, 0);
                CopyPart(file, entry, part.Length);
            }
        }

        archive.EndData(entry.DataLength);
    }

    private void CopyPart(int file, TarEntry entry, long length)
    {
        while (length > 0)
        {
            length -= Copy(file, entry, length);
        }
    }

    private long Copy(int file, TarEntry entry, long left)
    {
        var space = output.Space;
        nint count;
        fixed (byte* bytes = space)
        {
            do
            {
                count = Libc.read(file, bytes, (nuint)Math.Min(space.Length, left));
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        }

        if (count < 0)
        {
            throw StorageError.Last("read", PathOf(entry));
        }

        if (count == 0)
        {
            count = Changing ? Zeros(space, left) : throw BecameShorter(entry);
        }

        output.Advance((int)count);
        Interlocked.Add(ref done, count);
        return count;
    }

    private static int Zeros(Span<byte> space, long left)
    {
        var count = (int)Math.Min(space.Length, left);
        space[..count].Clear();
        return count;
    }

    private TarEntry Describe(int directory, ReadOnlySpan<byte> name, byte[] entryName, in Libc.statx_t status)
    {
        var entry = new TarEntry
        {
            Name = entryName,
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

        fixed (byte* bytes = (byte[])[.. name, 0])
        {
            attributes.Read(directory, bytes, entry.ExtendedAttributes);
        }

        return entry;
    }

    private string PathOf(TarEntry entry) => $"{root.TrimEnd('/')}/{FileReading.Text(entry.Name)}";

    private CanException BecameShorter(TarEntry entry) => new(
        "ImageSourceChanged",
        CanErrorCategory.InvalidOperation,
        $"The file '{PathOf(entry)}' became shorter while it was read. Import a directory that nobody writes to.",
        PathOf(entry));
}
