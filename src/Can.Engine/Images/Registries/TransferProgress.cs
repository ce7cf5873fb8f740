namespace Can.Engine.Images.Registries;

/// <summary>What is being done with a blob.</summary>
public enum BlobTransferState
{
    /// <summary>Its turn has not come, or somebody else is at it.</summary>
    Waiting,

    /// <summary>It is on its way.</summary>
    Transferring,

    /// <summary>It had not to be transferred.</summary>
    Present,

    /// <summary>It has arrived.</summary>
    Done,
}

/// <summary>How far the transfer of an image is: read at any time by any thread, written by those that transfer.</summary>
public sealed class TransferProgress
{
    private BlobTransfer[] blobs = [];

    /// <summary>The image's blobs; empty until they are known.</summary>
    public IReadOnlyList<BlobTransfer> Blobs => Volatile.Read(ref blobs);

    internal IReadOnlyList<BlobTransfer> Begin(IEnumerable<(string Digest, long Size)> all)
    {
        var made = all.Select(static blob => new BlobTransfer(blob.Digest, blob.Size)).ToArray();
        Volatile.Write(ref blobs, made);
        return made;
    }
}

/// <summary>How far one blob is.</summary>
public sealed class BlobTransfer
{
    private long done;
    private int state;

    internal BlobTransfer(string digest, long size) => (Digest, Size) = (digest, size);

    /// <summary><c>sha256:HEX</c></summary>
    public string Digest { get; }

    /// <summary>Bytes that it has.</summary>
    public long Size { get; }

    /// <summary>Bytes that have been transferred.</summary>
    public long Done => Interlocked.Read(ref done);

    /// <summary>What is being done with it.</summary>
    public BlobTransferState State
    {
        get => (BlobTransferState)Volatile.Read(ref state);
        internal set => Volatile.Write(ref state, (int)value);
    }

    internal void Add(long bytes) => Interlocked.Add(ref done, bytes);

    internal void Restart() => Interlocked.Exchange(ref done, 0);
}
