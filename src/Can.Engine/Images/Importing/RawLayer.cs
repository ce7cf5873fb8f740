using System.Security.Cryptography;
using Can.Engine.Storage.Content;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Importing;

/// <summary>A layer's blob as it comes: counted, and if asked for hashed and written to a file, while it is read.</summary>
internal sealed class RawLayer : ForwardStream
{
    private readonly Stream source;
    private readonly LayerExpectation expected;
    private readonly byte[] start = new byte[Compressed.Look];
    private readonly int startLength;
    private IncrementalHash? hash;
    private SafeFileHandle? file;

    /// <summary>Looks at the beginning.</summary>
    public RawLayer(Stream source, LayerExpectation expected)
    {
        (this.source, this.expected) = (source, expected);
        startLength = source.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
    }

    /// <summary>The first bytes, which are read again by <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Start => start.AsSpan(0, startLength);

    /// <summary>Bytes read so far.</summary>
    public long Count { get; private set; }

    /// <summary>Begins to hash and to write; before the first read.</summary>
    /// <param name="hashed">Whether <see cref="Digest"/> is wanted.</param>
    /// <param name="copy">Gets the bytes; null for nowhere.</param>
    public void Record(bool hashed, SafeFileHandle? copy)
    {
        hash = hashed ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        file = copy;
    }

    /// <summary>Reads what is left of it.</summary>
    public void Drain()
    {
        var buffer = new byte[64 * 1024];
        while (Read(buffer) > 0)
        {
        }
    }

    /// <summary>The digest of what was read; it must have been asked for.</summary>
    public Digest Digest() => new(Convert.ToHexStringLower(hash!.GetHashAndReset()));

    /// <exception cref="CanException"><c>BlobTruncated</c>, <c>SizeMismatch</c></exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        var count = Count < startLength ? ReadStart(buffer) : source.Read(buffer);
        if (count == 0)
        {
            return Count < expected.Size ? throw BlobError.Truncated(expected, Count) : 0;
        }

        Take(buffer[..count]);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        // The source is the caller's.
        hash?.Dispose();
        base.Dispose(disposing);
    }

    private int ReadStart(Span<byte> buffer)
    {
        var rest = start.AsSpan((int)Count, startLength - (int)Count);
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (Count + bytes.Length > expected.Size)
        {
            throw BlobError.TooLong(expected);
        }

        hash?.AppendData(bytes);
        if (file is not null)
        {
            BlobFile.Write(file, bytes, Count);
        }

        Count += bytes.Length;
        expected.BytesRead?.Invoke(bytes.Length);
    }
}
