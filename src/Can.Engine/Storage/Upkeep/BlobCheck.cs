using System.Collections.Concurrent;
using System.Security.Cryptography;
using Can.Engine.Kernel;
using Can.Engine.Storage.Content;

namespace Can.Engine.Storage.Upkeep;

/// <summary>Reads every blob of the store and compares it with its name.</summary>
internal sealed class BlobCheck
{
    private const int BufferSize = 1 << 20;

    private readonly ContentStore content;
    private readonly ConcurrentDictionary<Digest, long> whole = [];
    private readonly ConcurrentDictionary<Digest, StorageProblem> damaged = [];
    private readonly IProgress<(long Done, long Total)>? progress;
    private readonly CancellationToken cancellation;
    private readonly long total;
    private long done;

    /// <summary>Does so, several at a time.</summary>
    public BlobCheck(ContentStore content, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        (this.content, this.progress, this.cancellation) = (content, progress, cancellation);
        var blobs = content.Blobs.List().OrderByDescending(content.Blobs.SizeOf).ToList();
        total = blobs.Sum(content.Blobs.SizeOf);
        Parallel.ForEach(Partitioner.Create(blobs, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { CancellationToken = cancellation }, Check);
    }

    /// <summary>Blobs that are not what their names say.</summary>
    public IEnumerable<StorageProblem> Problems => damaged.Values.OrderBy(static problem => problem.Path, StringComparer.Ordinal);

    /// <summary>What is wrong with a blob, to be said of whoever needs it; null if it is whole.</summary>
    /// <param name="digest">Which.</param>
    /// <param name="size">Bytes that it should have.</param>
    public string? Fault(Digest digest, long size) =>
        !IsWhole(digest) ? content.Blobs.Exists(digest) ? "is damaged" : "is missing"
        : whole[digest] != size ? $"has {whole[digest]:N0} bytes and not {size:N0}"
        : null;

    /// <summary>Whether a blob is there and is what its name says. One that has come since the others were read is read now.</summary>
    public bool IsWhole(Digest digest)
    {
        if (!whole.ContainsKey(digest) && !damaged.ContainsKey(digest) && content.Blobs.Exists(digest))
        {
            Check(digest);
        }

        return whole.ContainsKey(digest);
    }

    private void Check(Digest digest)
    {
        try
        {
            var (found, length) = Hash(content.Blobs.PathOf(digest));
            if (found == digest)
            {
                whole[digest] = length;
            }
            else
            {
                Add(digest, "Its content is not what its name says.");
            }
        }
        catch (FileNotFoundException)
        {
            // Removed since it was listed; who needs it will miss it.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Add(digest, $"It cannot be read: {exception.Message}");
        }
    }

    private (Digest Digest, long Length) Hash(string path)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        long length = 0;
        while (RandomAccess.Read(file, buffer, length) is > 0 and var count)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, count);
            length += count;
            progress?.Report((Interlocked.Add(ref done, count), total));
        }

        return (new Digest(Convert.ToHexStringLower(hash.GetHashAndReset())), length);
    }

    private void Add(Digest digest, string problem) => damaged[digest] =
        new StorageProblem(StorageProblemKind.Blob, content.Blobs.PathOf(digest), problem, "Import or receive the images that need it anew, after Test-CanStorage -Repair.")
        {
            RepairAction = "Remove the blob",
            Repairing = stopped =>
            {
                using (content.Lock(stopped))
                {
                    _ = Libc.unlink(content.Blobs.PathOf(digest));
                }
            },
        };
}
