using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Can.Engine.Images.Importing;
using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Exporting;

/// <summary>
/// Layers of images as the plain tars that their diff ids name. A tar's length stands before it in an archive, so a compressed one is
/// unpacked twice: first to measure it, and to find out whether it is still what it should be, then to write it. Neither memory nor
/// room on a disk is needed for that.
/// </summary>
internal sealed class UncompressedLayers
{
    private const int BufferSize = 256 * 1024;

    private readonly ExportedImages images;
    private readonly ConcurrentDictionary<Digest, ExportPart> parts = [];

    /// <summary>Measures the layers of images, several at a time.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public UncompressedLayers(ExportedImages images, CancellationToken cancellation)
    {
        this.images = images;
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        try
        {
            Parallel.ForEach(Blobs(), options, blob => parts[blob.Key] = PartOf(blob.Key, blob.Value, cancellation));
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }

    /// <summary>A layer's descriptor and file.</summary>
    public (OciDescriptor Descriptor, ExportPart Part) this[Digest diffId]
    {
        get
        {
            var part = parts[diffId];
            return (new OciDescriptor { MediaType = MediaTypes.OciLayer, Digest = diffId, Size = part.Size }, part);
        }
    }

    /// <summary>Which blob holds a layer.</summary>
    private Dictionary<Digest, Digest> Blobs()
    {
        var blobs = new Dictionary<Digest, Digest>();
        foreach (var (record, _) in images.Images)
        {
            foreach (var (layer, diffId) in record.Manifest.Layers.Zip(record.Image.Rootfs.DiffIds))
            {
                // Where it is stored both ways, the plain one.
                if (!blobs.ContainsKey(diffId) || layer.Digest == diffId)
                {
                    blobs[diffId] = layer.Digest;
                }
            }
        }

        return blobs;
    }

    private ExportPart PartOf(Digest diffId, Digest blob, CancellationToken cancellation) => blob == diffId
        ? images.Blob(diffId)
        : new ExportPart(ExportPart.PathOf(diffId), Measure(diffId, blob, cancellation), () => Decompress(blob)) { Digest = diffId };

    private long Measure(Digest diffId, Digest blob, CancellationToken cancellation)
    {
        using var plain = Decompress(blob);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        long length = 0;
        try
        {
            while (plain.Read(buffer) is > 0 and var count)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, count);
                length += count;
            }
        }
        catch (InvalidDataException exception)
        {
            throw images.Corrupt(blob, $"cannot be decompressed: {exception.Message}", exception);
        }

        return new Digest(Convert.ToHexStringLower(hash.GetHashAndReset())) == diffId
            ? length
            : throw images.Corrupt(blob, $"does not hold the layer {diffId} that its image says");
    }

    private Stream Decompress(Digest blob)
    {
        Span<byte> start = stackalloc byte[Compressed.Look];
        using (var peek = images.Read(blob))
        {
            start = start[..peek.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }

        return Compressed.Open(images.Read(blob), Compressed.Recognize(start));
    }
}
