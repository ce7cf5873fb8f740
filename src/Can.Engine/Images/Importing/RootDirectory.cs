using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Kernel;
using Can.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Importing;

/// <summary>
/// The directory that becomes an image's root. Every path is resolved by the kernel as if it were the root directory
/// (RESOLVE_IN_ROOT): an archive's own links may be gone through, <c>lib/x</c> by way of <c>lib → usr/lib</c>, and none of them
/// leads out.
/// </summary>
internal sealed unsafe class RootDirectory : IDisposable
{
    private const ulong InRoot = Libc.RESOLVE_IN_ROOT | Libc.RESOLVE_NO_MAGICLINKS;

    private readonly int root;
    private readonly ulong resolve = InRoot | Libc.RESOLVE_NO_XDEV;
    private byte[] cachedPath = [];
    private int cached = -1;

    public RootDirectory(string path)
    {
        root = Libc.open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        if (root < 0)
        {
            throw StorageError.Last("open", path);
        }
    }

    private RootDirectory(string path, ulong resolve)
        : this(path) => this.resolve = resolve;

    /// <summary>A directory that was found before, as a root; what is mounted in it is part of it.</summary>
    public static RootDirectory Of(SafeFileHandle directory) => new($"/proc/self/fd/{directory.DangerousGetHandle()}", InRoot);

    /// <summary>Descriptor of the root itself.</summary>
    public int Descriptor => root;

    /// <summary>
    /// Descriptor of a directory, made with what is missing above it; stays open until the next call. Entries of one directory
    /// mostly follow each other, so remembering the last one saves nearly all look-ups.
    /// </summary>
    /// <param name="path">Normalized path without a NUL; empty for the root.</param>
    public int Parent(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
        {
            return root;
        }

        if (cached >= 0 && path.SequenceEqual(cachedPath))
        {
            return cached;
        }

        Forget();
        cached = OpenOrMake(path);
        cachedPath = path.ToArray();
        return cached;
    }

    /// <summary>Must be called when a directory or link is replaced: paths may mean something else now.</summary>
    public void Forget()
    {
        if (cached >= 0)
        {
            _ = Libc.close(cached);
            cached = -1;
        }
    }

    /// <summary>Opens what is at a path; the last component is not followed if it is a link.</summary>
    /// <returns>The descriptor, or -1 with errno set.</returns>
    public int TryOpen(ReadOnlySpan<byte> path, int flags)
    {
        if (path.IsEmpty)
        {
            path = "."u8;
        }

        Span<byte> terminated = path.Length < 1024 ? stackalloc byte[path.Length + 1] : new byte[path.Length + 1];
        path.CopyTo(terminated);
        terminated[path.Length] = 0;
        fixed (byte* bytes = terminated)
        {
            int descriptor;
            do
            {
                descriptor = Libc.openat2(root, bytes, flags | Libc.O_CLOEXEC, 0, resolve);
            }
            while (descriptor < 0 && Marshal.GetLastPInvokeError() is Errno.EAGAIN or Errno.EINTR); // EAGAIN: a rename came in between
            return descriptor;
        }
    }

    public void Dispose()
    {
        Forget();
        _ = Libc.close(root);
    }

    private int OpenOrMake(ReadOnlySpan<byte> path)
    {
        var descriptor = TryOpen(path, Libc.O_PATH | Libc.O_DIRECTORY);
        if (descriptor >= 0)
        {
            return descriptor;
        }

        // ENOTDIR: perhaps a whiteout is in the way.
        if (Marshal.GetLastPInvokeError() is not (Errno.ENOENT or Errno.ENOTDIR))
        {
            throw Failure(path);
        }

        // Not by name of the last component only: any of those above may be missing, or be a link.
        var above = EntryName.Parent(path);
        var parent = above.IsEmpty ? root : OpenOrMake(above);
        try
        {
            Make(parent, path);
        }
        finally
        {
            if (parent != root)
            {
                _ = Libc.close(parent);
            }
        }

        descriptor = TryOpen(path, Libc.O_PATH | Libc.O_DIRECTORY);
        return descriptor >= 0 ? descriptor : throw Failure(path);
    }

    /// <summary>A directory that the archive uses and does not (yet) describe.</summary>
    private static void Make(int parent, ReadOnlySpan<byte> path)
    {
        byte[] name = [.. path[EntryName.LastComponent(path)..], 0];
        fixed (byte* bytes = name)
        {
            var hidden = OverlayMarks.IsHidden(parent, bytes) && Libc.unlinkat(parent, bytes, 0) == 0;

            // EEXIST is a link to nowhere; opening it through the link says so.
            if (Libc.mkdirat(parent, bytes, 0x1ED) == 0)
            {
                _ = Libc.fchmodat(parent, bytes, 0x1ED /* 0755 whatever the umask */, Libc.AT_SYMLINK_NOFOLLOW);
                if (hidden)
                {
                    OverlayMarks.MakeOpaque(parent, bytes);
                }
            }
            else if (Marshal.GetLastPInvokeError() != Errno.EEXIST)
            {
                throw Failure(path);
            }
        }
    }

    private static CanException Failure(ReadOnlySpan<byte> path) => Marshal.GetLastPInvokeError() switch
    {
        Errno.ENOENT or Errno.ELOOP => ImageError.UnsafePath(path, "leads through a symbolic link to nowhere"),
        Errno.ENOTDIR => ImageError.Corrupt($"'{ImageError.Text(path)}' is used as a directory and is none"),
        Errno.ENAMETOOLONG => ImageError.Corrupt($"the name '{ImageError.Text(path)}' is too long for this file system"),
        var errno => StorageError.From(errno, "create", Encoding.UTF8.GetString(path)),
    };
}
