using System.Security.Cryptography;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Exporting;

/// <summary>Writes the files of a layout one after the other, and makes sure that each is what its name says.</summary>
internal sealed class ExportWriter(ExportedImages images, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
{
    private const int BufferSize = 256 * 1024;

    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private long done;
    private long total;

    /// <summary>Writes everything.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c>, <c>DiskFull</c> and the like</exception>
    public void Write(IReadOnlyList<ExportPart> parts, ExportSink sink)
    {
        total = parts.Sum(static part => part.Size);
        foreach (var part in parts)
        {
            sink.Begin(part.Path, part.Size);
            Copy(part, sink);
            sink.End(part.Size);
        }

        sink.Complete();
    }

    private void Copy(ExportPart part, ExportSink sink)
    {
        using var from = part.Open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var left = part.Size; left > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = from.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (count == 0)
            {
                throw Changed(part);
            }

            hash.AppendData(buffer, 0, count);
            sink.Write(buffer.AsSpan(0, count));
            left -= count;
            done += count;
            progress?.Report((done, total));
        }

        if (part.Digest is { } digest && new Digest(Convert.ToHexStringLower(hash.GetHashAndReset())) != digest)
        {
            throw Changed(part);
        }
    }

    // A part without a digest was made a moment ago, in memory, and does not change.
    private CanException Changed(ExportPart part) => images.Corrupt(part.Digest!, "does not have the content that its name says");
}
