using System.Diagnostics;
using Can.Cli.Common.Listing;
using Can.Engine.Images.Registries;

namespace Can.Cli.Common.Progress;

/// <summary>The progress of an image's blobs from or to a registry.</summary>
internal sealed class TransferView(TransferProgress progress) : IProgressView
{
    private readonly Dictionary<BlobTransfer, (long Begun, long AtBegin)> begun = [];
    private readonly HashSet<BlobTransfer> told = [];

    /// <inheritdoc/>
    public IReadOnlyList<string> Lines(int width) => [.. progress.Blobs.Select(blob => blob.State switch
    {
        BlobTransferState.Transferring => Bar.Text(Label(blob), blob.Done, blob.Size, Rate(blob), width),
        BlobTransferState.Waiting => $"{Label(blob)}: waiting",
        _ => Ended(blob),
    })];

    /// <inheritdoc/>
    public IEnumerable<string> News() => progress.Blobs
        .Where(blob => blob.State is BlobTransferState.Present or BlobTransferState.Done && told.Add(blob))
        .Select(Ended);

    private double Rate(BlobTransfer blob)
    {
        if (!begun.TryGetValue(blob, out var start))
        {
            begun[blob] = start = (Stopwatch.GetTimestamp(), blob.Done);
        }

        var seconds = Stopwatch.GetElapsedTime(start.Begun).TotalSeconds;
        return seconds > 0 ? Math.Max(0, blob.Done - start.AtBegin) / seconds : 0;
    }

    private static string Ended(BlobTransfer blob) => $"{Label(blob)}: {(blob.State == BlobTransferState.Present ? "already there" : $"done, {Human.Size(blob.Size)}")}";

    private static string Label(BlobTransfer blob) => blob.Digest["sha256:".Length..][..12];
}
