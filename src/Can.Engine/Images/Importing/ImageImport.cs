using Can.Engine.Images.Importing.Archives;
using Can.Engine.Images.Oci;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;
using Can.Engine.Storage;
using Can.Engine.Storage.Content;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Importing;

using StagedImages = IReadOnlyList<(OciDescriptor Image, IReadOnlyList<string> References)>;
using StagedList = List<(OciDescriptor Image, IReadOnlyList<string> References)>;

/// <summary>Finds out what it was given, and stages the images in it.</summary>
internal sealed class ImageImport(
    ImageService images, string name, string? reference, ImportOptions options, Staging staging, ImportMeter meter, CancellationTokenSource stop)
{
    /// <summary>Bytes that are looked at to see the name of an archive's first entry, extended headers before it included.</summary>
    private const int Look = 16 * TarHeader.BlockSize;

    /// <summary>What a container of a bare root gets.</summary>
    private static readonly ImageConfiguration BareRoot = new()
    {
        Command = ["/bin/sh"],
        Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    };

    private readonly LayerIngest ingest = images.BeginIngest(staging, options.MaximumSize, stop.Token);

    /// <summary>Stages; errors of what was given say what that was.</summary>
    public StagedImages Run(Func<ImageImport, StagedImages> stage)
    {
        try
        {
            return stage(this);
        }
        catch (InvalidDataException exception)
        {
            throw ImageError.In(name, ImageError.Corrupt($"it cannot be decompressed, {exception.Message}", exception));
        }
        catch (CanException error) when (error.Category == CanErrorCategory.InvalidData && error.ErrorId != "StoreCorrupt")
        {
            throw error.ErrorId == "ImageFormatUnknown" && Equals(error.Target, name) ? error : ImageError.In(name, error);
        }
    }

    /// <summary>What is at a path.</summary>
    public StagedImages FromPath(string path)
    {
        if (!Libc.TryStatus(path, out var status))
        {
            throw StorageError.Last("import", path);
        }

        return (status.Mode & Libc.S_IFMT) switch
        {
            Libc.S_IFREG => FromFile(path, Open(path)),
            Libc.S_IFDIR when DirectoryFiles.IsLayout(path) => FromArchive(new DirectoryFiles(path)),
            Libc.S_IFDIR => FromDirectory(path),
            Libc.S_IFIFO or Libc.S_IFCHR => FromPump(new Pump(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0), stop.Token)),
            _ => throw ImageError.FormatUnknown(path, "is neither a file nor a directory nor a pipe"),
        };
    }

    /// <summary>What comes through a stream.</summary>
    public StagedImages FromStream(Stream stream) => FromPump(new Pump(() => new Borrowed(stream, null), stop.Token));

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, options: FileOptions.SequentialScan);
        }
        catch (IOException exception)
        {
            throw StorageError.From(exception.HResult, "read", path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new CanException("AccessDenied", CanErrorCategory.PermissionDenied, $"Cannot read '{path}': {exception.Message} Run as root.", path, exception);
        }
    }

    private StagedList FromFile(string path, SafeFileHandle file)
    {
        using (file)
        {
            var length = RandomAccess.GetLength(file);
            var start = new PeekStream(new FileSegment(file, 0, length, path), Compressed.Look).Start;
            if (Compressed.Recognize(start) != Compression.None)
            {
                meter.Total = length;
                return FromPump(new Pump(() => new Borrowed(new FileSegment(file, 0, length, path), meter), stop.Token));
            }

            if (TarHeader.HasValidChecksum(start) && TarFiles.TryOpen(file, path, stop.Token) is { } archive)
            {
                return FromArchive(archive);
            }

            meter.Total = length;
            return FromRoot(new FileSegment(file, 0, length, path), meter.Add);
        }
    }

    private StagedList FromPump(Pump pump)
    {
        using (pump)
        {
            var raw = new PeekStream(pump, Compressed.Look);
            var compression = Compressed.Recognize(raw.Start);
            using var whole = Compressed.Open(raw, compression);
            var archive = new PeekStream(whole, Look);
            if (compression != Compression.None && !TarHeader.HasValidChecksum(archive.Start))
            {
                throw ImageError.Corrupt("what is compressed in it is no archive, or one without files");
            }

            return BeginsImages(archive.Start) ? FromArchive(StreamedFiles.Read(archive, ingest, stop.Token)) : FromRoot(archive, null);
        }
    }

    private static bool BeginsImages(ReadOnlySpan<byte> start)
    {
        try
        {
            var archive = new TarReader(new StreamTarInput(new MemoryStream(start.ToArray())));
            while (archive.Next() is { } entry)
            {
                // The root itself, "./", says nothing.
                if (ArchiveName.Target("", entry.Name) is { Length: > 0 } first)
                {
                    return ArchiveName.MayBeginImages(first);
                }
            }

            return false;
        }
        catch (CanException)
        {
            // Whatever is wrong with it, its reader will say.
            return false;
        }
    }

    private StagedList FromArchive(ImageFiles files)
    {
        using (files)
        {
            return options.Configuration is null
                ? new ArchiveImport(images.Catalog, staging, ingest, meter, stop).Run(files, reference)
                : throw new CanException(
                    "ConfigurationNotApplicable",
                    CanErrorCategory.InvalidArgument,
                    $"'{name}' holds images, which have configurations of their own; a command, environment and the like are for root file systems. Leave them out, and give them to New-CanContainer.",
                    name);
        }
    }

    private StagedList FromRoot(Stream archive, Action<int>? read) =>
        Root(ingest.Take(archive, new LayerExpectation { Name = name, IsRoot = true, Uncompressed = true, BytesRead = read }));

    private StagedList FromDirectory(string path)
    {
        using var source = new DirectorySource(path, images.Root.State);
        return Root(ingest.Take(source.Produce, isRoot: true, () => meter.Set(source.Done)));
    }

    /// <summary>An image of one layer. Its configuration says nothing about when, so the same files are the same image.</summary>
    private StagedList Root(StagedLayer layer)
    {
        var configuration = OciConfiguration.Write(options.Configuration ?? BareRoot, [layer.DiffId], "Import-CanImage");
        return [(ImageManifest.Stage(staging, staging.AddBlob(configuration), configuration.Length, [layer.Blob]), reference is null ? [] : [reference])];
    }

    /// <summary>A stream that somebody else closes, and that is counted.</summary>
    private sealed class Borrowed(Stream stream, ImportMeter? meter) : ForwardStream
    {
        public override int Read(Span<byte> buffer)
        {
            var count = stream.Read(buffer);
            meter?.Add(count);
            return count;
        }
    }
}
