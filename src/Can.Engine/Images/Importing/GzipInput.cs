using System.IO.Compression;

namespace Can.Engine.Images.Importing;

/// <summary>
/// Compressed data for <see cref="GZipStream"/>, which takes an end in the middle for a proper one. Some bytes that can begin no
/// further member are put after the data: a complete stream stops before them; one cut off takes them for its own, finds its
/// checksum wrong or asks for more.
/// </summary>
internal sealed class GzipInput(Stream source) : ForwardStream
{
    private const int GuardLength = 16; // longer than a member's trailer

    private bool guarded;

    /// <summary>Decompresses a stream of one or more members, all of them complete. The source stays the caller's.</summary>
    public static GZipStream Open(Stream source) => new(new GzipInput(source), CompressionMode.Decompress);

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (source.Read(buffer) is > 0 and var count)
        {
            return count;
        }

        if (guarded || buffer.Length < GuardLength)
        {
            throw new InvalidDataException("the compressed data ends too early");
        }

        guarded = true;
        buffer[..GuardLength].Fill(0xFF);
        return GuardLength;
    }
}
