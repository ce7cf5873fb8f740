using System.Diagnostics;
using System.Management.Automation;
using Can.Engine.Images.Registries;
using CanPS.Common;

namespace CanPS.Images;

/// <summary>Progress of an image on its way: a bar for all of it, and below it one for each blob that is being transferred.</summary>
internal sealed class TransferBars(CanCmdlet cmdlet, string activity, string image, TransferProgress progress)
{
    private const int Whole = 1;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<BlobTransfer, Bar> bars = [];
    private readonly ProgressRecord whole = new(Whole, activity, image);
    private bool shown;

    /// <summary>Bars of an image that is being received.</summary>
    public static TransferBars Receiving(CanCmdlet cmdlet, string image, TransferProgress progress) => new(cmdlet, "Receiving image", image, progress);

    /// <summary>Shows the bars until the work has ended, well or badly; what is over at once shows none.</summary>
    public void ShowUntil(Task work)
    {
        try
        {
            while (!((IAsyncResult)work).AsyncWaitHandle.WaitOne(Pause))
            {
                Show();
            }

            Complete();
        }
        finally
        {
            // A stopped pipeline throws where it writes: what was begun has ended before the cmdlet does.
            ((IAsyncResult)work).AsyncWaitHandle.WaitOne();
        }
    }

    private void Complete()
    {
        foreach (var bar in bars.Values)
        {
            bar.Complete(cmdlet);
        }

        if (shown)
        {
            whole.RecordType = ProgressRecordType.Completed;
            cmdlet.WriteProgress(whole);
        }
    }

    private void Show()
    {
        var blobs = progress.Blobs;
        var wanted = blobs.Where(static blob => blob.State != BlobTransferState.Present).ToList();
        var (done, all) = (wanted.Sum(static blob => Math.Min(blob.Done, blob.Size)), wanted.Sum(static blob => blob.Size));
        whole.PercentComplete = all > 0 ? (int)(done * 100 / all) : -1;
        whole.StatusDescription = blobs.Count == 0 ? image : $"{image}: {Display.Size(done)} of {Display.Size(all)}";
        cmdlet.WriteProgress(whole);
        shown = true;
        for (var index = 0; index < blobs.Count; index++)
        {
            ShowBlob(blobs[index], Whole + 1 + index);
        }
    }

    private void ShowBlob(BlobTransfer blob, int activityId)
    {
        if (blob.State == BlobTransferState.Transferring)
        {
            if (!bars.TryGetValue(blob, out var bar))
            {
                bars[blob] = bar = new Bar(blob, activityId);
            }

            bar.Show(cmdlet);
        }
        else if (bars.Remove(blob, out var ended))
        {
            ended.Complete(cmdlet);
        }
    }

    /// <summary>One blob's bar, with its rate since it was first shown.</summary>
    private sealed class Bar(BlobTransfer blob, int activityId)
    {
        private const int DigestLength = 19; // sha256: and 12 digits, as in short Ids

        private readonly long begun = Stopwatch.GetTimestamp();
        private readonly long atBegin = blob.Done;
        private readonly ProgressRecord record = new(activityId, blob.Digest[..DigestLength], " ") { ParentActivityId = Whole };

        public void Show(CanCmdlet cmdlet)
        {
            var done = blob.Done;
            var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var rate = seconds > 0 && done > atBegin ? $", {Display.Size((long)((done - atBegin) / seconds))}/s" : "";
            record.PercentComplete = blob.Size > 0 ? (int)Math.Min(100, done * 100 / blob.Size) : -1;
            record.StatusDescription = $"{Display.Size(done)} of {Display.Size(blob.Size)}{rate}";
            cmdlet.WriteProgress(record);
        }

        public void Complete(CanCmdlet cmdlet)
        {
            record.RecordType = ProgressRecordType.Completed;
            cmdlet.WriteProgress(record);
        }
    }
}
