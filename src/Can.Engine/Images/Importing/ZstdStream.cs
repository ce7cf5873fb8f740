using Can.Engine.Kernel;

namespace Can.Engine.Images.Importing;

/// <summary>Decompresses zstd by the system's libzstd (.NET has no zstd of its own before 11). Reads one or more frames. The source stays the caller's.</summary>
internal sealed unsafe class ZstdStream : ForwardStream
{
    private readonly Stream source;
    private readonly byte[] input = GC.AllocateUninitializedArray<byte>(128 * 1024, pinned: true);
    private nint stream;
    private int available;
    private int used;
    private nuint expected;

    /// <exception cref="CanException"><c>LibraryMissing</c></exception>
    public ZstdStream(Stream source)
    {
        this.source = source;
        try
        {
            stream = Zstd.ZSTD_createDStream();
        }
        catch (DllNotFoundException exception)
        {
            throw new CanException(
                "LibraryMissing",
                CanErrorCategory.NotInstalled,
                "The archive is compressed by zstd, and the system's libzstd.so.1 cannot be loaded. Install the package libzstd1.",
                "libzstd.so.1",
                exception);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (true)
        {
            var produced = Decompress(buffer);
            if (produced > 0)
            {
                return produced;
            }

            if (used == available && !Refill())
            {
                return expected == 0 ? 0 : throw new InvalidDataException("the compressed data ends too early");
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref stream, 0) is not 0 and var open)
        {
            _ = Zstd.ZSTD_freeDStream(open);
        }

        base.Dispose(disposing);
    }

    private bool Refill()
    {
        available = source.Read(input);
        used = 0;
        return available > 0;
    }

    /// <summary>Also called with nothing to read: the library may still hold output that did not fit before.</summary>
    private int Decompress(Span<byte> buffer)
    {
        fixed (byte* from = input, to = buffer)
        {
            var incoming = new Zstd.InBuffer { Source = from, Size = (nuint)available, Position = (nuint)used };
            var outgoing = new Zstd.OutBuffer { Destination = to, Size = (nuint)buffer.Length };
            var result = Zstd.ZSTD_decompressStream(stream, &outgoing, &incoming);
            if (Zstd.ZSTD_isError(result) != 0)
            {
                throw new InvalidDataException(Zstd.ErrorName(result));
            }

            // With neither input nor output the library asks for a new frame's header: that is no sign of one cut off.
            if (outgoing.Position > 0 || incoming.Position > (nuint)used)
            {
                expected = result;
            }

            used = (int)incoming.Position;
            return (int)outgoing.Position;
        }
    }
}
