using System.Runtime.InteropServices;
using Can.Engine.Kernel;

namespace Can.Engine.Storage;

/// <summary>
/// What is being removed: a rename takes it out of sight in one step, then its files go. What a kill leaves half removed is finished
/// by the next <see cref="Empty"/>; two processes that remove the same tree do not disturb each other.
/// </summary>
internal sealed class Trash(CanRoot root)
{
    private readonly string directory = $"{root.State}/trash";

    /// <summary>Makes room for what will have to go, as long as the disk has room for that.</summary>
    public void Prepare() => Directories.Ensure(directory);

    /// <summary>Takes a file or directory out of sight.</summary>
    /// <returns>Where it is now; null if there was none.</returns>
    public string? Take(string path)
    {
        Prepare();
        var taken = $"{directory}/{Guid.NewGuid():n}";
        if (Libc.rename(path, taken) == 0)
        {
            return taken;
        }

        return Marshal.GetLastPInvokeError() == Errno.ENOENT ? null : throw StorageError.Last("remove", path);
    }

    /// <summary>Removes a file or directory.</summary>
    public void Remove(string path)
    {
        if (Take(path) is { } taken)
        {
            Tree.Remove(taken);
        }
    }

    /// <summary>Removes what is left from removals that were cut short.</summary>
    public void Empty()
    {
        if (Directory.Exists(directory))
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(directory))
            {
                Tree.Remove(path);
            }
        }
    }
}
