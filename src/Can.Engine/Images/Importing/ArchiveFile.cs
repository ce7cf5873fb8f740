using Can.Engine.Images.Tar;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Importing;

/// <summary>A tar file, plain or compressed; which, its first bytes say.</summary>
internal sealed class ArchiveFile : RootSource
{
    private readonly string path;
    private readonly CountingStream file;
    private readonly Stream archive;

    /// <summary>Opens a file and looks at its beginning.</summary>
    /// <exception cref="CanException"><c>ImageFormatUnknown</c>, <c>LibraryMissing</c>, <c>AccessDenied</c></exception>
    public ArchiveFile(string path)
    {
        this.path = path;
        try
        {
            file = new CountingStream(File.OpenHandle(path, options: FileOptions.SequentialScan));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(exception);
        }

        try
        {
            archive = Open();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override long Done => file.Done;

    /// <inheritdoc/>
    public override long Total => file.Size;

    public override void Produce(BlockWriter writer)
    {
        try
        {
            while (archive.Read(writer.Space) is > 0 and var count)
            {
                writer.Advance(count);
            }
        }
        catch (InvalidDataException exception)
        {
            throw ImageError.Corrupt($"'{path}' cannot be decompressed, {exception.Message}", exception);
        }
        catch (IOException exception)
        {
            throw Unreadable(exception);
        }
    }

    public override void Dispose()
    {
        archive.Dispose();
        file.Dispose();
    }

    private CanException Unreadable(Exception cause) => cause is UnauthorizedAccessException
        ? new("AccessDenied", CanErrorCategory.PermissionDenied, $"Cannot read '{path}': {cause.Message} Run as root.", path, cause)
        : new("FileOperationFailed", CanErrorCategory.OperatingSystem, $"Cannot read '{path}': {cause.Message} See the system's log.", path, cause);

    private Stream Open()
    {
        Span<byte> start = stackalloc byte[TarHeader.BlockSize];
        start = start[..file.Peek(start)];
        if (start is [0x1F, 0x8B, ..])
        {
            return GzipInput.Open(file);
        }

        // A skippable frame (0x184D2A50 to 5F) may come first; pzstd and some registries write one.
        if (start is [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..])
        {
            return new ZstdStream(file);
        }

        return TarHeader.HasValidChecksum(start) ? file : throw ImageError.FormatUnknown(path, Describe(start));
    }

    private static string Describe(ReadOnlySpan<byte> start) => start switch
    {
        [] => "is empty",
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => "is compressed by xz, which is not supported (xz -d unpacks it)",
        [(byte)'B', (byte)'Z', (byte)'h', ..] => "is compressed by bzip2, which is not supported (bzip2 -d unpacks it)",
        _ => "is neither a tar archive nor compressed by gzip or zstd",
    };

    /// <summary>The file, and how far it has been read.</summary>
    private sealed class CountingStream(SafeFileHandle handle) : ForwardStream
    {
        private long position;

        public long Done => Interlocked.Read(ref position);

        public long Size { get; } = RandomAccess.GetLength(handle);

        public int Peek(Span<byte> buffer) => RandomAccess.Read(handle, buffer, 0);

        public override int Read(Span<byte> buffer)
        {
            var count = RandomAccess.Read(handle, buffer, position);
            Interlocked.Add(ref position, count);
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            handle.Dispose();
            base.Dispose(disposing);
        }
    }
}
