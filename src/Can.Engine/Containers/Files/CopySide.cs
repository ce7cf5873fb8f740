using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Archives;
using Can.Engine.Images.Tar;
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

    /// <summary>Whether what was opened is a directory.</summary>
    public static bool IsDirectory(SafeFileHandle file) => (FileReading.Status((int)file.DangerousGetHandle()).mode & Libc.S_IFMT) == Libc.S_IFDIR;

    /// <summary>Refuses that a directory takes the place of something else, or that of a directory.</summary>
    /// <param name="entry">What is to be unpacked.</param>
    /// <param name="directory">Whether what is in its place is a directory.</param>
    /// <exception cref="CanException"><c>DestinationNotDirectory</c></exception>
    public void RequireSameKind(TarEntry entry, bool directory)
    {
        if (directory != (entry.Type == TarEntryType.Directory))
        {
            var path = FileReading.Text(entry.Name).TrimEnd('/');
            throw directory
                ? NotDirectory(path, "is a directory, which a file does not replace without -Force")
                : NotDirectory(path, "is a file, which a directory does not replace without -Force");
        }
    }

    /// <summary>There is nothing at a path.</summary>
    public CanException NotFound(string path) =>
        new("PathNotFound", CanErrorCategory.ObjectNotFound, $"There is no '{Show(path)}'. Check the path.", Show(path));

    /// <summary>Something else than a directory is in the way.</summary>
    public CanException NotDirectory(string path, string what) =>
        new("DestinationNotDirectory", CanErrorCategory.InvalidArgument, $"'{Show(path)}' {what}.", Show(path));

    /// <summary>Nothing can be written at a path.</summary>
    public CanException ReadOnly(string path, CanException cause) => new(
        "DestinationReadOnly", CanErrorCategory.InvalidOperation,
        $"Cannot copy to '{Show(path)}': it is read-only there. Choose a place in a volume that can be written to.", Show(path), cause);

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
