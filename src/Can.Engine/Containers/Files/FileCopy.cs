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
        using var found = CopySource.Find(from, source, options);
        var (root, top) = FindDestination(new CopyPath(destination), destination, found, several);
        using (root)
        {
            Run(found, root, top, destination);
        }
    }

    /// <summary>The directory to unpack in, and the name that the copy gets there; none if what is in the source goes right into it.</summary>
    private (SafeFileHandle Root, string? Top) FindDestination(CopyPath path, string destination, CopySource source, bool several)
    {
        var isDirectory = source.IsDirectory;
        using var there = to.TryOpen(path.Path, Libc.O_PATH);
        if (there is not null && CopySide.IsDirectory(there))
        {
            var root = to.TryOpen(path.Path, Libc.O_RDONLY | Libc.O_DIRECTORY) ?? throw to.NotFound(destination);
            return (root, isDirectory && source.Given.Content ? null : source.Given.Name);
        }

        if (several || (there is not null && path.Directory))
        {
            throw to.NotDirectory(destination, "is no directory");
        }

        if (there is not null && isDirectory && !options.Force)
        {
            throw to.NotDirectory(destination, "is a file, which a directory cannot be copied onto");
        }

        if (there is null && path.Directory && !isDirectory)
        {
            throw to.NotDirectory(destination, "does not exist; a directory must be there to copy a file into");
        }

        // A link to a file stays, and the file gets the content.
        var place = there is null ? path : new CopyPath(to.Locate(path.Path));
        return (to.TryOpen(place.Parent, Libc.O_RDONLY | Libc.O_DIRECTORY) ?? throw to.NotFound(path.Parent), place.Name);
    }

    private void Run(CopySource source, SafeFileHandle root, string? top, string destination)
    {
        EntryWriter? entries = null;
        try
        {
            BlockPipe.Pass(Produce, Unpack, cancellation);
        }
        catch (CanException error) when (error.ErrorId == "ReadOnlyFileSystem")
        {
            throw to.ReadOnly(destination, error);
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
            source.Write(entries, top, cancellation);
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
        if (!options.Force)
        {
            to.RequireSameKind(entry, directory);
        }
    }
}
