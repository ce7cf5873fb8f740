using System.Text;
using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Images.Importing;

/// <summary>How an overlay's layer says what it takes away from those below it.</summary>
/// <remarks>https://docs.kernel.org/filesystems/overlayfs.html#whiteouts-and-opaque-directories</remarks>
internal static unsafe class OverlayMarks
{
    private static readonly byte[] Opaque = [.. "trusted.overlay.opaque\0"u8];

    /// <summary>
    /// An overlay looks for whiteouts when it lists a merged directory, and one that says where it was copied from. An empty origin
    /// says: from somewhere. Without it a whiteout in a directory that only this layer has would be listed, as a device.
    /// </summary>
    private static readonly byte[] Origin = [.. "trusted.overlay.origin\0"u8];

    /// <summary>Puts a whiteout into a directory; false with errno set if that fails.</summary>
    public static bool TryHide(int parent, byte* name)
    {
        if (Libc.mknodat(parent, name, Libc.S_IFCHR, 0, 0) < 0)
        {
            return false;
        }

        Set(parent, Origin, []);
        return true;
    }

    /// <summary>Whether a whiteout is there.</summary>
    public static bool IsHidden(int parent, byte* name)
    {
        Libc.statx_t status;
        return Libc.statx(parent, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &status) == 0
            && (status.mode & Libc.S_IFMT) == Libc.S_IFCHR && status.rdev_major == 0 && status.rdev_minor == 0;
    }

    /// <summary>Hides all that lower layers have in a directory.</summary>
    public static void MakeOpaque(int parent, byte* name)
    {
        var directory = Libc.openat(parent, name, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
        if (directory < 0)
        {
            throw StorageError.Last("open", "a directory of the layer");
        }

        try
        {
            MakeOpaque(directory);
        }
        finally
        {
            _ = Libc.close(directory);
        }
    }

    /// <inheritdoc cref="MakeOpaque(int, byte*)"/>
    public static void MakeOpaque(int directory) => Set(directory, Opaque, "y"u8);

    /// <summary>By the descriptor's path in /proc: a descriptor that is only a path (O_PATH) takes no fsetxattr.</summary>
    private static void Set(int directory, byte[] attribute, ReadOnlySpan<byte> text)
    {
        fixed (byte* path = (byte[])[.. Encoding.ASCII.GetBytes($"/proc/self/fd/{directory}/."), 0], name = attribute, value = text)
        {
            if (Libc.lsetxattr(path, name, value, (nuint)text.Length, 0) < 0)
            {
                throw StorageError.Last("mark as changed", "a directory of the layer");
            }
        }
    }
}
