using System.Text;
using Can.Engine.Archives;
using Can.Engine.Images.Importing;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Containers.Files;

/// <summary>
/// Copies files from one side to the other, with the rules of docker cp for what a destination means. One thread writes the source as
/// an archive, another unpacks it; both go by descriptors, so links that a container changes meanwhile lead nowhere.
/// </summary>
/// <remarks>https://docs.docker.com/reference/cli/docker/container/cp/</remarks>
internal sealed class FileCopy(CopySide from, CopySide to, CopyOptions options, IProgress<long>? progress, CancellationToken cancellation)
{
    private const uint SetIdBits = 0xC00; // 06000

    private long done;

    /// <summary>Copies one source.</summary>
    /// <param name="source">Absolute path on the one side.</param>
    /// <param name="destination">Absolute path on the other.</param>
    /// <param name="several">It is one of several, so the destination must be a directory.</param>
    /// <exception cref="CanException"><c>PathNotFound</c>, <c>DestinationNotDirectory</c>, <c>DestinationReadOnly</c>, <c>FileTypeNotCopied</c> …</exception>
    public void Copy(string source, string destination, bool several)
    {
        var path = FindSource(new CopyPath(source));
        using var parent = from.TryOpen(path.Content ? path.Path : path.Parent, Libc.O_RDONLY | Libc.O_DIRECTORY) ?? throw NotFound(from, source);
        var name = Encoding.UTF8.GetBytes(path.Content ? "." : path.Name);
        if (!FileReading.TryStatus((int)parent.DangerousGetHandle(), name, out var status))
        {
            throw NotFound(from, source);
        }

        var isDirectory = (status.mode & Libc.S_IFMT) == Libc.S_IFDIR;
        RequireKind(path, source, status, isDirectory);
        var (root, top) = FindDestination(new CopyPath(destination), destination, new CopyPath(source), isDirectory, several);
        using (root)
        {
            Run(parent, name, root, top, destination);
        }
    }

    /// <summary>A source that is a link is meant itself, unless it is asked to be followed or written as a directory.</summary>
    private CopyPath FindSource(CopyPath path) => options.FollowLinks || path.Directory ? path.Content ? path : new CopyPath(from.Locate(path.Path)) : path;

    private void RequireKind(CopyPath path, string source, in Libc.statx_t status, bool isDirectory)
    {
        if (!isDirectory && (path.Directory || new CopyPath(source).Directory))
        {
            throw new CanException(
                "SourceNotDirectory", CanErrorCategory.InvalidArgument, $"'{from.Show(source)}' is no directory. Leave out what follows its name.", from.Show(source));
        }

        var type = status.mode & Libc.S_IFMT;
        if (type == Libc.S_IFSOCK || (type is Libc.S_IFCHR or Libc.S_IFBLK && !options.Archive))
        {
            throw new CanException(
                "FileTypeNotCopied", CanErrorCategory.InvalidArgument,
                $"'{from.Show(source)}' is a socket or a device. Sockets are never copied, devices with -Archive only.", from.Show(source));
        }
    }

    /// <summary>The directory to unpack in, and the name that the copy gets there; none if what is in the source goes right into it.</summary>
    private (SafeFileHandle Root, string? Top) FindDestination(CopyPath path, string destination, CopyPath source, bool isDirectory, bool several)
    {
        using var there = to.TryOpen(path.Path, Libc.O_PATH);
        if (there is not null && IsDirectory(there))
        {
            var root = to.TryOpen(path.Path, Libc.O_RDONLY | Libc.O_DIRECTORY) ?? throw NotFound(to, destination);
            return (root, isDirectory && source.Content ? null : source.Name);
        }

        if (several || (there is not null && path.Directory))
        {
            throw NotDirectory(destination, "is no directory");
        }

        if (there is not null && isDirectory && !options.Force)
        {
            throw NotDirectory(destination, "is a file, which a directory cannot be copied onto");
        }

        if (there is null && path.Directory && !isDirectory)
        {
            throw NotDirectory(destination, "does not exist; a directory must be there to copy a file into");
        }

        // A link to a file stays, and the file gets the content.
        var place = there is null ? path : new CopyPath(to.Locate(path.Path));
        return (to.TryOpen(place.Parent, Libc.O_RDONLY | Libc.O_DIRECTORY) ?? throw NotFound(to, path.Parent), place.Name);
    }

    private void Run(SafeFileHandle parent, byte[] name, SafeFileHandle root, string? top, string destination)
    {
        EntryWriter? entries = null;
        try
        {
            BlockPipe.Pass(Produce, Unpack, cancellation);
        }
        catch (CanException error) when (error.ErrorId == "ReadOnlyFileSystem")
        {
            throw new CanException(
                "DestinationReadOnly", CanErrorCategory.InvalidOperation,
                $"Cannot copy to '{to.Show(destination)}': it is read-only there. Choose a place in a volume that can be written to.", to.Show(destination), error);
        }
        finally
        {
            done += entries?.Done ?? 0;
            progress?.Report(done);
        }

        void Produce(BlockWriter output)
        {
            // Whoever writes to the files meanwhile, host or container, does not spoil the archive.
            entries = new EntryWriter(output, from.Show("/")) { Changing = true, Sparse = true, Accept = Accept };
            var system = from.SystemFileSystems((int)parent.DangerousGetHandle());
            var tree = new TreeWriter(entries, from.Show("/"), cancellation) { Enters = directory => !system.Contains((directory.dev_major, directory.dev_minor)) };
            if (top is null)
            {
                tree.WriteContent((int)parent.DangerousGetHandle(), []);
            }
            else
            {
                tree.Write((int)parent.DangerousGetHandle(), name, Encoding.UTF8.GetBytes(top));
            }

            entries.End();
        }

        void Unpack(TarInput input)
        {
            using var extractor = new LayerExtractor(new TarReader(input), RootDirectory.Of(root)) { TakesAway = false, Replacing = Replacing };
            extractor.Extract(() =>
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(done + (entries?.Done ?? 0));
            });
        }
    }

    /// <summary>
    /// Without -Archive the copy belongs to root. A set-id bit is a right that goes with the owner: it stays on the way into a container
    /// if the owner does, and never comes out of one.
    /// </summary>
    private bool Accept(TarEntry entry)
    {
        entry.ExtendedAttributes.RemoveAll(attribute =>
            OverlayAttributes.IsOwn(attribute.Name) || (!options.Archive && !attribute.Name.AsSpan().StartsWith("user."u8)));
        if (options.Archive)
        {
            return true;
        }

        if (!to.IsContainer || entry.User != 0 || entry.Group != 0)
        {
            entry.Mode &= ~SetIdBits;
        }

        (entry.User, entry.Group) = (0, 0);
        return entry.Type is not (TarEntryType.CharacterDevice or TarEntryType.BlockDevice);
    }

    private void Replacing(TarEntry entry, bool directory)
    {
        if (!options.Force && directory != (entry.Type == TarEntryType.Directory))
        {
            var name = FileReading.Text(entry.Name).TrimEnd('/');
            throw directory
                ? NotDirectory(name, "is a directory, which a file does not replace without -Force")
                : NotDirectory(name, "is a file, which a directory does not replace without -Force");
        }
    }

    private static bool IsDirectory(SafeFileHandle file) => (FileReading.Status((int)file.DangerousGetHandle()).mode & Libc.S_IFMT) == Libc.S_IFDIR;

    private CanException NotDirectory(string path, string what) =>
        new("DestinationNotDirectory", CanErrorCategory.InvalidArgument, $"'{to.Show(path)}' {what}.", to.Show(path));

    private static CanException NotFound(CopySide side, string path) =>
        new("PathNotFound", CanErrorCategory.ObjectNotFound, $"There is no '{side.Show(path)}'. Check the path.", side.Show(path));
}
