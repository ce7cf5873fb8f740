using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Archives;

/// <summary>Looks at and opens files by their bytes in an open directory, never through a link.</summary>
internal static unsafe class FileReading
{
    private const int LongestLink = 4096; // PATH_MAX

    /// <summary>Status of a file; false when there is none.</summary>
    public static bool TryStatus(int directory, ReadOnlySpan<byte> name, out Libc.statx_t status)
    {
        fixed (byte* bytes = (byte[])[.. name, 0])
        fixed (Libc.statx_t* result = &status)
        {
            if (Libc.statx(directory, bytes, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, result) == 0)
            {
                return true;
            }

            return Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? false : throw StorageError.Last("look at", Text(name));
        }
    }

    /// <summary>Status of what a descriptor stands for.</summary>
    public static Libc.statx_t Status(int descriptor)
    {
        Libc.statx_t status;
        fixed (byte* empty = "\0"u8)
        {
            return Libc.statx(descriptor, empty, Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, &status) == 0
                ? status
                : throw StorageError.Last("look at", $"descriptor {descriptor}");
        }
    }

    /// <summary>Opens a directory for reading its names.</summary>
    /// <returns>-1 when there is none: gone, or something else by now.</returns>
    public static int TryOpenDirectory(int parent, ReadOnlySpan<byte> name)
    {
        fixed (byte* bytes = (byte[])[.. name, 0])
        {
            var descriptor = Libc.openat(parent, bytes, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
            return descriptor >= 0 || Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP
                ? descriptor
                : throw StorageError.Last("open the directory", Text(name));
        }
    }

    /// <summary>Opens a regular file for reading, without waiting for anybody should it be a pipe by now.</summary>
    /// <returns>-1 when there is none: gone, or something else by now.</returns>
    public static int TryOpenFile(int parent, ReadOnlySpan<byte> name)
    {
        fixed (byte* bytes = (byte[])[.. name, 0])
        {
            var descriptor = Libc.openat(parent, bytes, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
            if (descriptor < 0)
            {
                // ENXIO, ENODEV: a socket or a device; EACCES: a device where devices are not opened (nodev).
                return Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENXIO or Errno.ENODEV or Errno.EACCES
                    ? -1
                    : throw StorageError.Last("open", Text(name));
            }

            if ((Status(descriptor).mode & Libc.S_IFMT) == Libc.S_IFREG)
            {
                return descriptor;
            }

            _ = Libc.close(descriptor);
            return -1;
        }
    }

    /// <summary>The text of a symbolic link; null when there is none any more.</summary>
    public static byte[]? TryReadLink(int directory, ReadOnlySpan<byte> name)
    {
        var text = stackalloc byte[LongestLink];
        fixed (byte* bytes = (byte[])[.. name, 0])
        {
            var length = Libc.readlinkat(directory, bytes, text, LongestLink);
            return length >= 0
                ? new ReadOnlySpan<byte>(text, (int)length).ToArray()
                : Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR or Errno.EINVAL ? null : throw StorageError.Last("read the link", Text(name));
        }
    }

    /// <summary>
    /// Names of a directory in the order of their bytes, by a descriptor that has not been read from yet; none of one that has been
    /// removed meanwhile.
    /// </summary>
    public static List<byte[]> SortedNames(int directory, string path)
    {
        List<byte[]> names;
        try
        {
            names = DirectoryNames.Read(directory, path);
        }
        catch (CanException error) when (error.ErrorId == "PathNotFound")
        {
            return [];
        }

        names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        return names;
    }

    /// <summary>A name as text for people; what is not UTF-8 becomes replacement characters.</summary>
    public static string Text(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name);
}
