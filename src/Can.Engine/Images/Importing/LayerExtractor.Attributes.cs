using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Images.Importing;

/// <summary>Owner, mode, times and extended attributes.</summary>
internal sealed unsafe partial class LayerExtractor
{
    /// <summary>Owner first: changing it takes the set-id bits away.</summary>
    private static void SetOwnerAndMode(TarEntry entry, int descriptor)
    {
        if (Libc.fchown(descriptor, entry.User, entry.Group) < 0 || Libc.fchmod(descriptor, entry.Mode) < 0)
        {
            throw Failure(entry);
        }
    }

    private static void SetTimes(TarEntry entry, int descriptor)
    {
        var times = stackalloc Libc.TimeSpecification[2];
        times[0] = times[1] = new(entry.Modified.Seconds, entry.Modified.Nanoseconds);
        if (Libc.futimens(descriptor, times) < 0)
        {
            throw Failure(entry);
        }
    }

    /// <summary>All of it for what must not be opened: links, devices and pipes.</summary>
    private static void SetByName(TarEntry entry, int parent, byte* name)
    {
        if (Libc.fchownat(parent, name, entry.User, entry.Group, Libc.AT_SYMLINK_NOFOLLOW) < 0
            || (entry.Type != TarEntryType.SymbolicLink && Libc.fchmodat(parent, name, entry.Mode, Libc.AT_SYMLINK_NOFOLLOW) < 0))
        {
            throw Failure(entry);
        }

        if (entry.ExtendedAttributes.Count > 0)
        {
            // There is no setxattrat before Linux 6.13; the directory's descriptor has a path in /proc.
            var file = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
            fixed (byte* path = (byte[])[.. Encoding.ASCII.GetBytes($"/proc/self/fd/{parent}/"), .. file, 0])
            {
                var target = (nint)path;
                SetAttributes(entry, (key, value, length) => Libc.lsetxattr((byte*)target, key, value, length, 0));
            }
        }

        var times = stackalloc Libc.TimeSpecification[2];
        times[0] = times[1] = new(entry.Modified.Seconds, entry.Modified.Nanoseconds);
        if (Libc.utimensat(parent, name, times, Libc.AT_SYMLINK_NOFOLLOW) < 0)
        {
            throw Failure(entry);
        }
    }

    private static void SetAttributes(TarEntry entry, int descriptor)
    {
        if (entry.ExtendedAttributes.Count > 0)
        {
            SetAttributes(entry, (key, value, length) => Libc.fsetxattr(descriptor, key, value, length, 0));
        }
    }

    private static void SetAttributes(TarEntry entry, AttributeSetter set)
    {
        foreach (var attribute in entry.ExtendedAttributes)
        {
            // An overlay's own marks; here they would make the overlay of a container hide or redirect files.
            if (attribute.Name.AsSpan().StartsWith("trusted.overlay."u8) || attribute.Name.AsSpan().StartsWith("user.overlay."u8))
            {
                continue;
            }

            fixed (byte* name = (byte[])[.. attribute.Name, 0], value = attribute.Value)
            {
                if (set(name, value, (nuint)attribute.Value.Length) == 0)
                {
                    continue;
                }
            }

            RefusedAttribute(entry, attribute);
        }
    }

    /// <summary>
    /// Passes over what this file system cannot keep: a store without user attributes loses those, and the kernel allows none on
    /// links, devices and pipes. But a program that loses its capabilities would not work.
    /// </summary>
    private static void RefusedAttribute(TarEntry entry, ExtendedAttribute attribute)
    {
        var errno = Marshal.GetLastPInvokeError();
        var name = ImageError.Text(attribute.Name);
        switch (errno)
        {
            case Errno.EOPNOTSUPP when !attribute.Name.AsSpan().SequenceEqual("security.capability"u8):
            case Errno.EPERM when entry.Type is not (TarEntryType.File or TarEntryType.Directory):
                break;
            case Errno.EINVAL or Errno.ERANGE or Errno.E2BIG or Errno.EPERM:
                throw ImageError.Corrupt($"the attribute '{name}' of '{ImageError.Text(entry.Name)}' is none that a file can have");
            default:
                throw StorageError.From(errno, $"set '{name}' of the image's", ImageError.Text(entry.Name));
        }
    }

    private delegate int AttributeSetter(byte* name, byte* value, nuint length);
}
