using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Archives;
using Can.Engine.Kernel;
using Can.Engine.Starting;
using Can.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Containers.Files;

/// <summary>One side of a copy: the host's files, or those of a container, of which no path leads out.</summary>
/// <param name="view">The container's root; null for the host.</param>
/// <param name="name">The container's name.</param>
internal sealed unsafe class CopySide(RootView? view, string name)
{
    /// <summary>Whether it is a container's.</summary>
    public bool IsContainer => view is not null;

    /// <summary>A path as it is shown.</summary>
    public string Show(string path) => view is null ? path : $"{name}:{path}";

    /// <summary>
    /// File systems whose content nobody means who copies the whole of a running container: what is mounted on /proc, /dev and /sys.
    /// </summary>
    /// <param name="source">Descriptor of where the copy begins; its own file system is meant.</param>
    public HashSet<(uint Major, uint Minor)> SystemFileSystems(int source)
    {
        var found = new HashSet<(uint, uint)>();
        if (view is null)
        {
            return found;
        }

        foreach (var path in SystemMountSteps.Places)
        {
            using var place = TryOpen(path, Libc.O_PATH);
            if (place is not null)
            {
                found.Add(FileSystemOf((int)place.DangerousGetHandle()));
            }
        }

        found.Remove(FileSystemOf(view.Descriptor));
        found.Remove(FileSystemOf(source));
        return found;
    }

    private static (uint, uint) FileSystemOf(int descriptor)
    {
        var status = FileReading.Status(descriptor);
        return (status.dev_major, status.dev_minor);
    }

    /// <summary>Opens what a path leads to, links followed; null when there is nothing.</summary>
    /// <exception cref="CanException">It cannot be looked at.</exception>
    public SafeFileHandle? TryOpen(string path, int flags)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        int descriptor;
        if (view is not null)
        {
            descriptor = RootPaths.TryOpen(view.Descriptor, bytes, flags);
        }
        else
        {
            fixed (byte* terminated = (byte[])[.. bytes, 0])
            {
                descriptor = Libc.openat(Libc.AT_FDCWD, terminated, flags | Libc.O_CLOEXEC, 0);
            }
        }

        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? null : throw StorageError.Last("open", Show(path));
    }

    /// <summary>Where a path leads to, links followed, as text for <see cref="TryOpen"/>; what is not there is taken as it is written.</summary>
    public string Locate(string path)
    {
        if (view is not null)
        {
            return "/" + Encoding.UTF8.GetString(RootPaths.Locate(view.Descriptor, path));
        }

        using var host = TryOpen("/", Libc.O_PATH | Libc.O_DIRECTORY)!;
        using var there = TryOpen(path, Libc.O_PATH);
        return there is null ? path : "/" + Encoding.UTF8.GetString(RootPaths.PathBelow((int)host.DangerousGetHandle(), (int)there.DangerousGetHandle()));
    }
}
