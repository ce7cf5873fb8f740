using Can.Engine.Kernel;

namespace Can.Engine.Images.Importing;

/// <summary>Decompresses xz by the system's liblzma. Reads one or more streams. The source stays the caller's.</summary>
internal sealed unsafe class XzStream : ForwardStream
{
    /// <summary>Memory that an archive may ask for: <c>xz -9</c> asks for 65 MiB, larger dictionaries are made by hand only.</summary>
    private const ulong MemoryLimit = 192 << 20;

    private readonly Stream source;
    private readonly byte[] input = GC.AllocateUninitializedArray<byte>(128 * 1024, pinned: true);
    private readonly Lzma.LzmaStream[] state = GC.AllocateArray<Lzma.LzmaStream>(1, pinned: true);
    private bool open;
    private bool sourceEnded;
    private bool ended;

    /// <exception cref="CanException"><c>LibraryMissing</c></exception>
    public XzStream(Stream source)
    {
        this.source = source;
        try
        {
            fixed (Lzma.LzmaStream* stream = state)
            {
                var result = Lzma.lzma_stream_decoder(stream, MemoryLimit, Lzma.LZMA_CONCATENATED);
                open = result == Lzma.LZMA_OK ? true : throw new InvalidDataException(Lzma.ErrorText(result));
            }
        }
        catch (DllNotFoundException exception)
        {
            throw new CanException(
                "LibraryMissing",
                CanErrorCategory.NotInstalled,
                "The archive is compressed by xz, and the system's liblzma.so.5 cannot be loaded. Install the package liblzma5.",
                "liblzma.so.5",
                exception);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || ended)
        {
            return 0;
        }

        fixed (byte* to = buffer, from = input)
        fixed (Lzma.LzmaStream* stream = state)
        {
            stream->NextOut = to;
            stream->AvailableOut = (nuint)buffer.Length;
            while (stream->AvailableOut == (nuint)buffer.Length && !ended)
            {
                if (stream->AvailableIn == 0 && !sourceEnded)
                {
                    stream->NextIn = from;
                    stream->AvailableIn = (nuint)source.Read(input);
                    sourceEnded = stream->AvailableIn == 0;
                }

                Step(stream);
            }

            return buffer.Length - (int)stream->AvailableOut;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (open)
        {
            open = false;
            fixed (Lzma.LzmaStream* stream = state)
            {
                Lzma.lzma_end(stream);
            }
        }

        base.Dispose(disposing);
    }

    private void Step(Lzma.LzmaStream* stream)
    {
        switch (Lzma.lzma_code(stream, sourceEnded ? Lzma.LZMA_FINISH : Lzma.LZMA_RUN))
        {
            case Lzma.LZMA_OK:
                break;
            case Lzma.LZMA_STREAM_END:
                ended = true;
                break;
            case var error:
                throw new InvalidDataException(Lzma.ErrorText(error));
        }
    }
}
