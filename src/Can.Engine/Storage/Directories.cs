using System.Runtime.InteropServices;
using Can.Engine.Kernel;

namespace Can.Engine.Storage;

/// <summary>Directories of the store.</summary>
internal static class Directories
{
    /// <summary>Mode of the engine's own directories: nobody else's business.</summary>
    public const uint Private = 0x1C0; // 0700

    /// <summary>Mode of directories that every user of a container may enter.</summary>
    public const uint Public = 0x1ED; // 0755

    /// <summary>Mode of the engine's own files.</summary>
    public const uint PrivateFile = 0x180; // 0600

    /// <summary>Mode of files that every user of a container may read.</summary>
    public const uint PublicFile = 0x1A4; // 0644

    /// <summary>Makes a directory with exactly this mode, and what is missing above it with 0700; existing ones stay as they are.</summary>
    /// <exception cref="CanException"><c>DiskFull</c>, <c>AccessDenied</c>, <c>PathNotFound</c> and the like.</exception>
    public static void Ensure(string path, uint mode = Private)
    {
        if (TryMake(path, mode))
        {
            return;
        }

        Ensure(Path.GetDirectoryName(path) ?? throw StorageError.From(Errno.ENOENT, "create the directory", path));
        if (!TryMake(path, mode))
        {
            throw StorageError.From(Errno.ENOENT, "create the directory", path);
        }
    }

    /// <summary>Waits until the names in a directory are on the disk.</summary>
    public static void Sync(string path)
    {
        var descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        if (descriptor < 0)
        {
            throw StorageError.Last("open", path);
        }

        try
        {
            // A file system that cannot sync a directory says EINVAL; there is nothing better to be had on it.
            if (Libc.fsync(descriptor) < 0 && Marshal.GetLastPInvokeError() != Errno.EINVAL)
            {
                throw StorageError.Last("write", path);
            }
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }

    /// <summary>True when the directory is there afterwards, false when the one above it is missing.</summary>
    private static bool TryMake(string path, uint mode)
    {
        if (Libc.mkdir(path, mode) == 0)
        {
            // The caller's umask may have taken bits away, but never the owner's in any sane shell.
            return mode == Private || Libc.chmod(path, mode) == 0 ? true : throw StorageError.Last("set the mode of", path);
        }

        return Marshal.GetLastPInvokeError() switch
        {
            Errno.EEXIST => IsDirectory(path) ?? TryMake(path, mode),
            Errno.ENOENT => false,
            var errno => throw StorageError.From(errno, "create the directory", path),
        };
    }

    /// <summary>True for a directory, null when somebody has removed it meanwhile.</summary>
    /// <exception cref="CanException"><c>PathNotFound</c>: something else is there.</exception>
    private static bool? IsDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            return true;
        }

        var other = new FileInfo(path);
        return other.Exists || other.LinkTarget is not null ? throw StorageError.From(Errno.ENOTDIR, "create the directory", path) : null;
    }
}
