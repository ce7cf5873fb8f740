using Can.Engine.Kernel;

namespace Can.Engine.Archives;

/// <summary>Writes a directory with all that is in it as entries of an archive, in the order of the bytes of the names.</summary>
/// <param name="entries">Writes the single entries.</param>
/// <param name="path">What errors call the directory.</param>
/// <param name="cancellation">Stops it between two entries.</param>
internal sealed class TreeWriter(EntryWriter entries, string path, CancellationToken cancellation = default)
{
    /// <summary>No path of the kernel's is deeper than half its length.</summary>
    private const int MaximumDepth = 2048;

    /// <summary>How often something that changes under our eyes is looked at again.</summary>
    private const int MaximumLooks = 8;

    /// <summary>Leaves a directory out, entry and all.</summary>
    public Func<Libc.statx_t, bool>? Skips { get; init; }

    /// <summary>Whether what is in a directory is written too; always if null.</summary>
    public Func<Libc.statx_t, bool>? Enters { get; init; }

    /// <summary>Writes what is in a directory, not its own entry.</summary>
    /// <param name="directory">Descriptor of the directory, not read from yet.</param>
    /// <param name="prefix">What the names in the archive begin with: empty, or a directory with its slash.</param>
    public void WriteContent(int directory, byte[] prefix) => WriteContent(directory, prefix, 0);

    /// <summary>Writes one file, or a directory with all that is in it.</summary>
    /// <param name="directory">Descriptor of the directory that it is in.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="entryName">Its name in the archive, without a slash at the end.</param>
    public void Write(int directory, byte[] name, byte[] entryName) => Write(directory, name, entryName, 0);

    private void WriteContent(int directory, byte[] prefix, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new CanException(
                "DirectoryTooDeep", CanErrorCategory.InvalidData,
                $"Directories in '{path}' are nested more than {MaximumDepth} deep, which no path can name. Move or remove them.", path);
        }

        foreach (var name in FileReading.SortedNames(directory, path))
        {
            Write(directory, name, [.. prefix, .. name], depth);
        }
    }

    private void Write(int directory, byte[] name, byte[] entryName, int depth)
    {
        cancellation.ThrowIfCancellationRequested();
        for (var look = 0; look < MaximumLooks && FileReading.TryStatus(directory, name, out var status); look++)
        {
            var written = (status.mode & Libc.S_IFMT) == Libc.S_IFDIR
                ? TryWriteDirectory(directory, name, [.. entryName, (byte)'/'], status, depth)
                : entries.TryWrite(directory, name, entryName, status);
            if (written)
            {
                return;
            }
        }
    }

    private bool TryWriteDirectory(int parent, byte[] name, byte[] prefix, in Libc.statx_t status, int depth)
    {
        if (Skips?.Invoke(status) == true)
        {
            return true;
        }

        if (Enters?.Invoke(status) == false)
        {
            return entries.TryWrite(parent, name, prefix, status);
        }

        var directory = FileReading.TryOpenDirectory(parent, name);
        if (directory < 0)
        {
            return false;
        }

        try
        {
            _ = entries.TryWrite(directory, "."u8, prefix, FileReading.Status(directory));
            WriteContent(directory, prefix, depth + 1);
            return true;
        }
        finally
        {
            _ = Libc.close(directory);
        }
    }
}
