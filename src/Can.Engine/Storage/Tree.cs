using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Kernel;

namespace Can.Engine.Storage;

/// <summary>
/// Removes directory trees that others filled: through descriptors, by the bytes of the names, never through a symbolic link and
/// never into another mount.
/// </summary>
internal static unsafe class Tree
{
    /// <summary>
    /// Deeper directories are moved up to the top and removed from there, so that neither descriptors nor the stack run out however
    /// deep somebody nested them.
    /// </summary>
    private const int MaximumDepth = 48;

    private const int BufferSize = 16 * 1024;

    /// <summary>Removes a file, link or directory with all that is in it; nothing happens if there is none.</summary>
    /// <exception cref="CanException"><c>PathIsMountPoint</c>, <c>AccessDenied</c> and the like; part of it may be gone.</exception>
    public static void Remove(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            RemoveAt(Libc.AT_FDCWD, name, path);
        }
    }

    /// <summary>Removes what has a name in a directory; nothing happens if there is nothing.</summary>
    /// <param name="parent">Descriptor of the directory.</param>
    /// <param name="name">The name, ended by a NUL.</param>
    /// <param name="path">What errors call it.</param>
    public static void RemoveAt(int parent, byte* name, string path)
    {
        if (TryUnlink(parent, name, path) || TryRemoveEmpty(parent, name, path))
        {
            return;
        }

        var top = OpenDirectory(parent, name, 0, path);
        if (top < 0)
        {
            return;
        }

        try
        {
            for (long moved = 0; !TryRemoveEmpty(parent, name, path);)
            {
                Empty(top, top, 0, ref moved, path);
            }
        }
        finally
        {
            _ = Libc.close(top);
        }
    }

    /// <summary>Removes everything in a directory; what lies too deep ends up directly below <paramref name="top"/>.</summary>
    private static void Empty(int directory, int top, int depth, ref long moved, string path)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            fixed (byte* entries = buffer)
            {
                nint length;
                while ((length = Libc.getdents64(directory, entries, BufferSize)) > 0)
                {
                    RemoveEntries(directory, new ReadOnlySpan<byte>(entries, (int)length), top, depth, ref moved, path);
                }

                // ENOENT: somebody else has removed the directory meanwhile.
                if (length < 0 && Marshal.GetLastPInvokeError() != Errno.ENOENT)
                {
                    throw StorageError.Last("list", path);
                }
            }

            // What was moved up, or made meanwhile, may lie before the position.
            _ = Libc.lseek(directory, 0, 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Walks struct linux_dirent64: inode 8, offset 8, length 2, type 1, name with NUL.</summary>
    private static void RemoveEntries(int directory, ReadOnlySpan<byte> entries, int top, int depth, ref long moved, string path)
    {
        const byte DT_DIR = 4;
        fixed (byte* start = entries)
        {
            for (var at = 0; at < entries.Length; at += BinaryPrimitives.ReadUInt16LittleEndian(entries[(at + 16)..]))
            {
                var name = start + at + 19;
                if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0)))
                {
                    continue;
                }

                if (entries[at + 18] == DT_DIR || !TryUnlink(directory, name, path))
                {
                    RemoveDirectory(directory, name, top, depth, ref moved, path);
                }
            }
        }
    }

    private static void RemoveDirectory(int parent, byte* name, int top, int depth, ref long moved, string path)
    {
        if (TryRemoveEmpty(parent, name, path))
        {
            return;
        }

        if (depth == MaximumDepth)
        {
            MoveUp(parent, name, top, ref moved, path);
            return;
        }

        // The tree itself may well lie below a mount or a link; nothing in it may.
        var directory = OpenDirectory(parent, name, Libc.RESOLVE_NO_XDEV | Libc.RESOLVE_NO_SYMLINKS, path);
        if (directory < 0)
        {
            return;
        }

        try
        {
            while (!TryRemoveEmpty(parent, name, path))
            {
                Empty(directory, top, depth + 1, ref moved, path);
            }
        }
        finally
        {
            _ = Libc.close(directory);
        }
    }

    private static void MoveUp(int parent, byte* name, int top, ref long moved, string path)
    {
        var target = Encoding.ASCII.GetBytes($".can-removing-{moved++:x}\0");
        fixed (byte* to = target)
        {
            // ENOTEMPTY, EEXIST, ENOTDIR: the name is taken by the tree's own content; the caller's loop comes back with the next one.
            if (Libc.renameat(parent, name, top, to) < 0
                && Marshal.GetLastPInvokeError() is not (Errno.ENOTEMPTY or Errno.EEXIST or Errno.ENOTDIR or Errno.ENOENT))
            {
                throw StorageError.Last("remove", path);
            }
        }
    }

    /// <summary>A descriptor, or -1 when somebody else has removed the directory meanwhile.</summary>
    private static int OpenDirectory(int parent, byte* name, ulong resolve, string path)
    {
        var flags = Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
        var directory = Libc.openat2(parent, name, flags, 0, resolve);
        return directory >= 0 || Marshal.GetLastPInvokeError() == Errno.ENOENT ? directory : throw StorageError.Last("remove", path);
    }

    /// <summary>Unlinks anything but a directory.</summary>
    /// <returns>False if it is a directory.</returns>
    private static bool TryUnlink(int parent, byte* name, string path) =>
        Libc.unlinkat(parent, name, 0) == 0
        || Marshal.GetLastPInvokeError() switch
        {
            Errno.ENOENT or Errno.ENOTDIR => true,
            Errno.EISDIR => false,
            var errno => throw StorageError.From(errno, "remove", path),
        };

    /// <summary>Removes an empty directory.</summary>
    /// <returns>False if it is not empty.</returns>
    private static bool TryRemoveEmpty(int parent, byte* name, string path) =>
        Libc.unlinkat(parent, name, Libc.AT_REMOVEDIR) == 0
        || Marshal.GetLastPInvokeError() switch
        {
            Errno.ENOENT => true,
            Errno.ENOTEMPTY or Errno.EEXIST => false,
            var errno => throw StorageError.From(errno, "remove", path),
        };
}
