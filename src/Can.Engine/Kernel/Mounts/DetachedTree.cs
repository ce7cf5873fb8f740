using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Mounts;

/// <summary>
/// A tree of mounts that has no place anywhere: it is reached by a descriptor only, nobody else sees it, and it goes when the
/// descriptor is closed, by death too.
/// </summary>
/// <remarks>
/// It is put together in a mount namespace that lives for the call, and leaves it as a clone (open_tree(2)). So mount(2) with its
/// option string serves, as every kernel has it; fsconfig(2) takes no more than 255 bytes of layers before Linux 6.8.
/// </remarks>
internal static unsafe class DetachedTree
{
    private const int PageSize = 4096; // what mount(2) takes as options

    /// <summary>Mounts an overlay and, in it, other mounts.</summary>
    /// <param name="overlay">The overlay.</param>
    /// <param name="place">An empty directory to mount it on while it is put together.</param>
    /// <param name="mounts">What is mounted in it, outer ones first; one whose target is not there is left out.</param>
    /// <returns>A descriptor with O_PATH.</returns>
    internal static SafeFileHandle Overlay(OverlayMount overlay, string place, IReadOnlyList<TreeMount> mounts) =>
        NamespaceThread.Run(() =>
        {
            LeaveNamespace();
            Mount(overlay, place);
            return Collect(place, mounts);
        });

    /// <summary>A directory of the host's as a tree, with other mounts in it.</summary>
    internal static SafeFileHandle Directory(string path, bool readOnly, IReadOnlyList<TreeMount> mounts) =>
        NamespaceThread.Run(() =>
        {
            LeaveNamespace();
            using var itself = Clone(path, recursive: false);
            Protect(itself, Libc.MOUNT_ATTR_NODEV | (readOnly ? Libc.MOUNT_ATTR_RDONLY : 0), 0);
            Attach(itself, path);
            return Collect(path, mounts);
        });

    /// <summary>Sets and clears attributes of the mount behind a descriptor.</summary>
    internal static void Protect(SafeFileHandle mount, ulong set, ulong clear, bool recursive = false)
    {
        var attributes = new Libc.MountAttributes { Set = set, Clear = clear };
        if (Libc.mount_setattr((int)mount.DangerousGetHandle(), recursive ? Libc.AT_RECURSIVE : 0, attributes) < 0)
        {
            throw Libc.Error("Setting a mount's attributes");
        }
    }

    private static void LeaveNamespace()
    {
        fixed (byte* none = "none\0"u8, root = "/\0"u8)
        {
            if (Libc.unshare(Libc.CLONE_FS | Libc.CLONE_NEWNS) < 0 || Libc.mount(none, root, null, Libc.MS_REC | Libc.MS_PRIVATE, null) < 0)
            {
                throw Libc.Error("Making a mount namespace");
            }
        }
    }

    private static void Mount(OverlayMount overlay, string place)
    {
        var layers = new List<SafeFileHandle>();
        try
        {
            var options = Options(overlay, overlay.Lower.Select(Escape));
            if (options.Length > PageSize)
            {
                layers.AddRange(overlay.Lower.Select(OpenPath));
                options = Options(overlay, layers.Select(static layer => $"/proc/self/fd/{layer.DangerousGetHandle()}"));
            }

            var flags = Libc.MS_NODEV | (overlay.Upper is null ? Libc.MS_RDONLY : 0);
            fixed (byte* type = "overlay\0"u8, target = Encoding.UTF8.GetBytes(place + '\0'), data = options)
            {
                if (options.Length > PageSize || Libc.mount(type, target, type, flags, data) < 0)
                {
                    throw StorageError.From(options.Length > PageSize ? Errno.E2BIG : Marshal.GetLastPInvokeError(), "mount the layers on", place);
                }
            }
        }
        finally
        {
            layers.ForEach(static layer => layer.Dispose());
        }
    }

    private static byte[] Options(OverlayMount overlay, IEnumerable<string> layers)
    {
        var text = new StringBuilder("lowerdir=").AppendJoin(':', layers);
        if (overlay.Upper is not null)
        {
            text.Append(",upperdir=").Append(Escape(overlay.Upper)).Append(",workdir=").Append(Escape(overlay.Work!));
        }

        return Encoding.UTF8.GetBytes(text.Append(',').Append(overlay.Options).Append('\0').ToString());
    }

    /// <summary>The overlay splits layers at ':' and options at ',', and takes '\' as the escape.</summary>
    private static string Escape(string path) => path.Replace("\\", "\\\\").Replace(":", "\\:").Replace(",", "\\,");

    private static SafeFileHandle Collect(string place, IReadOnlyList<TreeMount> mounts)
    {
        using var root = OpenPath(place);
        foreach (var mount in mounts)
        {
            using var target = TryOpenInRoot(root, mount.Target);
            if (target is null)
            {
                continue;
            }

            using var source = Clone(mount.Source, mount.Recursive);
            Protect(source, Libc.MOUNT_ATTR_NODEV | (mount.ReadOnly ? Libc.MOUNT_ATTR_RDONLY : 0), 0, mount.Recursive);
            if (Libc.move_mount((int)source.DangerousGetHandle(), (int)target.DangerousGetHandle()) < 0)
            {
                throw StorageError.Last("mount a volume on", mount.Target);
            }
        }

        return Clone(place, recursive: true);
    }

    private static void Attach(SafeFileHandle mount, string place)
    {
        using var target = OpenPath(place);
        if (Libc.move_mount((int)mount.DangerousGetHandle(), (int)target.DangerousGetHandle()) < 0)
        {
            throw StorageError.Last("mount", place);
        }
    }

    private static SafeFileHandle Clone(string path, bool recursive)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            var descriptor = Libc.open_tree(Libc.AT_FDCWD, bytes, Libc.OPEN_TREE_CLONE | (recursive ? Libc.AT_RECURSIVE : 0));
            return descriptor >= 0 ? new(descriptor, true) : throw StorageError.Last("open", path);
        }
    }

    private static SafeFileHandle OpenPath(string path)
    {
        var descriptor = Libc.open(path, Libc.O_PATH | Libc.O_CLOEXEC, 0);
        return descriptor >= 0 ? new(descriptor, true) : throw StorageError.Last("open", path);
    }

    private static SafeFileHandle? TryOpenInRoot(SafeFileHandle root, string path)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            var descriptor = Libc.openat2(
                (int)root.DangerousGetHandle(), bytes, Libc.O_PATH | Libc.O_CLOEXEC, 0, Libc.RESOLVE_IN_ROOT | Libc.RESOLVE_NO_MAGICLINKS);
            return descriptor >= 0
                ? new(descriptor, true)
                : Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? null : throw StorageError.Last("open", path);
        }
    }
}
