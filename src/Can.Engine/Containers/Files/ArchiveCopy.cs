using Can.Engine.Archives;
using Can.Engine.Images;
using Can.Engine.Images.Importing;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;

namespace Can.Engine.Containers.Files;

/// <summary>Copies files of a container into a tar archive, and out of one, exactly as they are: owners, set-id bits, attributes, devices.</summary>
/// <remarks>docker cp with a hyphen: https://docs.docker.com/reference/cli/docker/container/cp/</remarks>
internal static class ArchiveCopy
{
    /// <summary>Writes a file, or a directory with all that is in it.</summary>
    /// <param name="from">The container.</param>
    /// <param name="path">Absolute path in it; one that ends with <c>/.</c> means what is in the directory.</param>
    /// <param name="options">Whether a link is followed.</param>
    /// <param name="output">Gets the archive.</param>
    /// <param name="progress">Told the bytes of the files so far.</param>
    /// <param name="cancellation">Stops it between two blocks.</param>
    public static void Write(CopySide from, string path, CopyOptions options, Stream output, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var source = CopySource.Find(from, path, options with { Archive = true });
        ArchiveOutput.Write(
            output,
            writer => new EntryWriter(writer, from.Show("/")) { Changing = true, Sparse = true, Accept = WithoutMarks },
            WriteSource,
            progress,
            cancellation);

        void WriteSource(EntryWriter entries)
        {
            var content = source.IsDirectory && source.Given.Content;
            if (content)
            {
                source.WriteRoot(entries);
            }

            source.Write(entries, content ? null : source.Given.Name, cancellation);
        }
    }

    /// <summary>Unpacks an archive, which may be compressed, in a directory; links in it and in the container lead nowhere else.</summary>
    /// <param name="archive">The archive, read to its end.</param>
    /// <param name="to">The container.</param>
    /// <param name="path">Absolute path of a directory in it.</param>
    /// <param name="options">Whether a directory may take the place of a file, and a file that of a directory.</param>
    /// <param name="progress">Told the bytes of the archive so far.</param>
    /// <param name="cancellation">Stops it between two entries.</param>
    public static void Unpack(Stream archive, CopySide to, string path, CopyOptions options, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var there = to.TryOpen(new CopyPath(path).Path, Libc.O_PATH) ?? throw to.NotFound(path);
        if (!CopySide.IsDirectory(there))
        {
            throw to.NotDirectory(path, "is no directory, which is what an archive is unpacked in");
        }

        using var root = to.TryOpen(new CopyPath(path).Path, Libc.O_RDONLY | Libc.O_DIRECTORY) ?? throw to.NotFound(path);
        using var raw = new RawLayer(archive, new LayerExpectation());
        var compression = Compressed.Recognize(raw.Start);
        if (compression == Compression.None && !Compressed.IsTar(raw.Start))
        {
            throw new CanException(
                "ArchiveInvalid", CanErrorCategory.InvalidData, $"What is to be unpacked in '{to.Show(path)}' {Compressed.Describe(raw.Start)}. Give a tar archive.", to.Show(path));
        }

        using var plain = Compressed.Open(raw, compression);
        try
        {
            BlockPipe.Pass(writer => Produce(plain, raw, writer), Consume, cancellation);
        }
        catch (CanException error) when (error.ErrorId == "ReadOnlyFileSystem")
        {
            throw to.ReadOnly(path, error);
        }
        catch (CanException error) when (error.Category == CanErrorCategory.InvalidData)
        {
            throw new CanException("ArchiveInvalid", error.Category, $"Cannot unpack all of it in '{to.Show(path)}'. {error.Message}", to.Show(path), error);
        }

        progress?.Report(raw.Count);

        void Consume(TarInput input)
        {
            using var extractor = new LayerExtractor(new TarReader(input), RootDirectory.Of(root))
            {
                TakesAway = false,
                KeepsRoot = true,
                Replacing = options.Force ? null : to.RequireSameKind,
            };
            extractor.Extract(() =>
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(raw.Count);
            });
        }
    }

    private static void Produce(Stream plain, RawLayer raw, BlockWriter writer)
    {
        try
        {
            while (plain.Read(writer.Space) is > 0 and var count)
            {
                writer.Advance(count);
            }
        }
        catch (InvalidDataException exception)
        {
            throw ImageError.Corrupt($"it cannot be decompressed, {exception.Message}", exception);
        }

        raw.Drain();
    }

    /// <summary>What the overlay has written into the files for itself is nobody else's business.</summary>
    private static bool WithoutMarks(TarEntry entry)
    {
        entry.ExtendedAttributes.RemoveAll(static attribute => OverlayAttributes.IsOwn(attribute.Name));
        return true;
    }
}
