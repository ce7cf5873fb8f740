using System.Runtime.InteropServices;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Images.Importing;

/// <summary>
/// Unpacks a layer's archive below a directory, exactly: owner, mode with set-id bits, times, extended attributes, links, devices. An
/// entry takes the place of what an earlier one put there; only directories are merged.
/// </summary>
internal sealed unsafe partial class LayerExtractor : IDisposable
{
    private readonly TarReader archive;
    private readonly RootDirectory root;

    // A directory's times change as it is filled, and a default ACL would be inherited by what is put in: both wait for the end.
    private readonly List<(byte[] Path, TarEntry Entry)> directories = [];

    public LayerExtractor(TarReader archive, string path)
    {
        this.archive = archive;
        root = new RootDirectory(path);
    }

    /// <param name="archive">The archive.</param>
    /// <param name="root">The directory; disposed with this.</param>
    public LayerExtractor(TarReader archive, RootDirectory root) => (this.archive, this.root) = (archive, root);

    /// <summary>Whether names that begin with <c>.wh.</c> take something away; otherwise they are names as any other.</summary>
    public bool TakesAway { get; init; } = true;

    /// <summary>The directory itself stays as it is, whatever the archive says of its root.</summary>
    public bool KeepsRoot { get; init; }

    /// <summary>Told of an entry in whose place something else is, and whether that is a directory; may refuse by throwing.</summary>
    public Action<TarEntry, bool>? Replacing { get; init; }

    /// <summary>Bytes of regular files, holes included.</summary>
    public long Size { get; private set; }

    /// <summary>Number of entries.</summary>
    public long Entries { get; private set; }

    /// <summary>Unpacks everything.</summary>
    /// <param name="beforeEntry">Called before every entry: for progress, and to stop by throwing.</param>
    public void Extract(Action beforeEntry)
    {
        while (archive.Next() is { } entry)
        {
            beforeEntry();
            var path = EntryName.Normalize(entry.Name);
            if (path.Length == 1)
            {
                ExtractRoot(entry);
            }
            else if (!TakesAway || !TryWhiteout(entry, path))
            {
                Extract(entry, path);
            }

            Entries++;
        }

        FinishDirectories();
    }

    public void Dispose() => root.Dispose();

    private void ExtractRoot(TarEntry entry)
    {
        if (entry.Type != TarEntryType.Directory)
        {
            throw ImageError.Corrupt("its root is not a directory");
        }

        if (!KeepsRoot)
        {
            SetOwnerAndMode(entry, root.Descriptor);
            directories.Add(([0], entry));
        }
    }

    private void Extract(TarEntry entry, byte[] path)
    {
        var last = EntryName.LastComponent(path);
        var above = EntryName.Parent(path);
        fixed (byte* name = &path[last])
        {
            var parent = root.Parent(above);
            var made = Make(entry, parent, name);
            if (made < 0 && Marshal.GetLastPInvokeError() == Errno.EEXIST)
            {
                if (entry.Type == TarEntryType.Directory && IsDirectory(parent, name))
                {
                    made = 0;
                }
                else
                {
                    Replacing?.Invoke(entry, IsDirectory(parent, name));
                    var hidden = TakesAway && OverlayMarks.IsHidden(parent, name);
                    Tree.RemoveAt(parent, name, ImageError.Text(entry.Name));
                    root.Forget();
                    parent = root.Parent(above);
                    made = Make(entry, parent, name);
                    if (hidden && made >= 0 && entry.Type == TarEntryType.Directory)
                    {
                        OverlayMarks.MakeOpaque(parent, name);
                    }
                }
            }

            Complete(entry, path, parent, name, made >= 0 ? made : throw Failure(entry));
        }
    }

    /// <summary>Makes one object, empty and accessible to root only.</summary>
    /// <returns>A descriptor for a file, else 0; -1 with errno set.</returns>
    private int Make(TarEntry entry, int parent, byte* name)
    {
        const uint mode = 0x180; // 0600
        switch (entry.Type)
        {
            case TarEntryType.File:
                return Libc.openat(parent, name, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, mode);
            case TarEntryType.Directory:
                return Libc.mkdirat(parent, name, Directories.Private);
            case TarEntryType.SymbolicLink:
                fixed (byte* text = (byte[])[.. entry.LinkName, 0])
                {
                    return Libc.symlinkat(text, parent, name);
                }

            case TarEntryType.HardLink:
                return Link(entry, parent, name);
            case TarEntryType.CharacterDevice:
                return Libc.mknodat(parent, name, Libc.S_IFCHR | mode, entry.DeviceMajor, entry.DeviceMinor);
            case TarEntryType.BlockDevice:
                return Libc.mknodat(parent, name, Libc.S_IFBLK | mode, entry.DeviceMajor, entry.DeviceMinor);
            default:
                return Libc.mknodat(parent, name, Libc.S_IFIFO | mode, 0, 0);
        }
    }

    private int Link(TarEntry entry, int parent, byte* name)
    {
        var path = EntryName.Normalize(entry.LinkName);
        var above = EntryName.Parent(path);
        var from = above.IsEmpty ? root.Descriptor : root.TryOpen(above, Libc.O_PATH | Libc.O_DIRECTORY);
        if (from < 0)
        {
            return -1;
        }

        try
        {
            fixed (byte* target = &path[EntryName.LastComponent(path)])
            {
                // Without AT_SYMLINK_FOLLOW a link to a symbolic link is a second name of that link.
                return Libc.linkat(from, target, parent, name, 0);
            }
        }
        finally
        {
            if (from != root.Descriptor)
            {
                Close(from);
            }
        }
    }

    private static bool IsDirectory(int parent, byte* name)
    {
        Libc.statx_t status;
        return Libc.statx(parent, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &status) == 0
            && (status.mode & Libc.S_IFMT) == Libc.S_IFDIR;
    }

    private void Complete(TarEntry entry, byte[] path, int parent, byte* name, int made)
    {
        switch (entry.Type)
        {
            case TarEntryType.File:
                try
                {
                    WriteData(entry, made);
                    SetOwnerAndMode(entry, made);
                    SetAttributes(entry, made);
                    SetTimes(entry, made);
                    BeginWritingOut(entry, made);
                }
                finally
                {
                    Close(made);
                }

                break;
            case TarEntryType.Directory:
                var directory = Libc.openat(parent, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
                try
                {
                    SetOwnerAndMode(entry, directory);
                }
                finally
                {
                    Close(directory);
                }

                directories.Add((path, entry));
                break;
            case TarEntryType.HardLink:
                break; // owner, mode and times are those of the file it names
            default:
                SetByName(entry, parent, name);
                break;
        }
    }

    private void FinishDirectories()
    {
        foreach (var (path, entry) in directories)
        {
            // One that a later entry replaced by something else is none any more.
            var directory = root.TryOpen(path.AsSpan(0, path.Length - 1), Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW);
            if (directory < 0)
            {
                continue;
            }

            try
            {
                SetAttributes(entry, directory);
                SetTimes(entry, directory);
            }
            finally
            {
                Close(directory);
            }
        }
    }

    private static void Close(int descriptor)
    {
        if (descriptor >= 0)
        {
            _ = Libc.close(descriptor);
        }
    }

    private static CanException Failure(TarEntry entry)
    {
        var errno = Marshal.GetLastPInvokeError();
        var name = ImageError.Text(entry.Name);
        return errno switch
        {
            Errno.ENOENT or Errno.EPERM or Errno.ENOTDIR when entry.Type == TarEntryType.HardLink =>
                ImageError.Corrupt($"'{name}' is a hard link to '{ImageError.Text(entry.LinkName)}', which is no file before it in the archive"),
            Errno.ENAMETOOLONG => ImageError.Corrupt($"the name '{name}' is too long for this file system"),
            Errno.EINVAL or Errno.EFBIG or Errno.ERANGE or Errno.ENOENT or Errno.EISDIR => ImageError.Corrupt($"'{name}' cannot be made as it is described: {Marshal.GetPInvokeErrorMessage(errno)}"),
            _ => StorageError.From(errno, "create the image's", name),
        };
    }
}
