using System.Text;
using Can.Engine.Archives;
using Can.Engine.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Containers.Files;

/// <summary>What is to be copied, found on its side: a file, a directory, or what is in a directory.</summary>
internal sealed class CopySource : IDisposable
{
    private readonly CopySide side;
    private readonly SafeFileHandle parent;
    private readonly byte[] name;

    private CopySource(CopySide side, CopyPath given, SafeFileHandle parent, byte[] name, bool isDirectory) =>
        (this.side, Given, this.parent, this.name, IsDirectory) = (side, given, parent, name, isDirectory);

    /// <summary>The path as it was given.</summary>
    public CopyPath Given { get; }

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory { get; }

    /// <summary>Finds it.</summary>
    /// <param name="side">Where it is.</param>
    /// <param name="source">Absolute path on that side.</param>
    /// <param name="options">Whether links are followed, and devices wanted.</param>
    /// <exception cref="CanException"><c>PathNotFound</c>, <c>SourceNotDirectory</c>, <c>FileTypeNotCopied</c></exception>
    public static CopySource Find(CopySide side, string source, CopyOptions options)
    {
        var given = new CopyPath(source);

        // One that is a link is meant itself, unless it is asked to be followed or written as a directory.
        var path = (options.FollowLinks || given.Directory) && !given.Content ? new CopyPath(side.Locate(given.Path)) : given;
        var parent = side.TryOpen(path.Content ? path.Path : path.Parent, Libc.O_RDONLY | Libc.O_DIRECTORY) ?? throw side.NotFound(source);
        try
        {
            var name = Encoding.UTF8.GetBytes(path.Content ? "." : path.Name);
            if (!FileReading.TryStatus((int)parent.DangerousGetHandle(), name, out var status))
            {
                throw side.NotFound(source);
            }

            var isDirectory = (status.mode & Libc.S_IFMT) == Libc.S_IFDIR;
            RequireKind(side, source, status, isDirectory || !(path.Directory || given.Directory), options);
            return new(side, given, parent, name, isDirectory);
        }
        catch
        {
            parent.Dispose();
            throw;
        }
    }

    /// <summary>Writes it as entries of an archive.</summary>
    /// <param name="entries">Writes the single ones.</param>
    /// <param name="top">Its name in the archive; null for what is in the directory.</param>
    /// <param name="cancellation">Stops it between two entries.</param>
    public void Write(EntryWriter entries, string? top, CancellationToken cancellation)
    {
        var directory = (int)parent.DangerousGetHandle();
        var system = side.SystemFileSystems(directory);
        var tree = new TreeWriter(entries, side.Show("/"), cancellation) { Enters = status => !system.Contains((status.dev_major, status.dev_minor)) };
        if (top is null)
        {
            tree.WriteContent(directory, []);
        }
        else
        {
            tree.Write(directory, name, Encoding.UTF8.GetBytes(top));
        }
    }

    /// <summary>Writes the entry of the directory alone, as the archive's root.</summary>
    public void WriteRoot(EntryWriter entries)
    {
        var directory = (int)parent.DangerousGetHandle();
        _ = entries.TryWrite(directory, "."u8, "./"u8.ToArray(), FileReading.Status(directory));
    }

    /// <inheritdoc/>
    public void Dispose() => parent.Dispose();

    private static void RequireKind(CopySide side, string source, in Libc.statx_t status, bool isAsWritten, CopyOptions options)
    {
        if (!isAsWritten)
        {
            throw new CanException(
                "SourceNotDirectory", CanErrorCategory.InvalidArgument, $"'{side.Show(source)}' is no directory. Leave out what follows its name.", side.Show(source));
        }

        var type = status.mode & Libc.S_IFMT;
        if (type == Libc.S_IFSOCK || (type is Libc.S_IFCHR or Libc.S_IFBLK && !options.Archive))
        {
            throw new CanException(
                "FileTypeNotCopied", CanErrorCategory.InvalidArgument,
                $"'{side.Show(source)}' is a socket or a device. Sockets are never copied, devices with -Archive only.", side.Show(source));
        }
    }
}
