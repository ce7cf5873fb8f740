using System.Management.Automation;

namespace CanPS.Common;

/// <summary>A progress bar: the working thread only says how far it is, the pipeline's thread shows it.</summary>
internal sealed class ProgressBar(CanCmdlet cmdlet, string activity, string what) : IProgress<(long Done, long Total)>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private long done;
    private long total;

    /// <inheritdoc/>
    public void Report((long Done, long Total) value)
    {
        Volatile.Write(ref total, value.Total);
        Volatile.Write(ref done, value.Done);
    }

    /// <summary>Shows the bar until the work has ended, well or badly; what is over at once shows none.</summary>
    public void ShowUntil(Task work)
    {
        try
        {
            Show(work);
        }
        finally
        {
            // A stopped pipeline throws where it writes: what was begun has ended, and left nothing, before the cmdlet ends.
            ((IAsyncResult)work).AsyncWaitHandle.WaitOne();
        }
    }

    private void Show(Task work)
    {
        var record = new ProgressRecord(1, activity, what);
        var shown = false;
        while (!((IAsyncResult)work).AsyncWaitHandle.WaitOne(Pause))
        {
            var (now, all) = (Volatile.Read(ref done), Volatile.Read(ref total));
            record.PercentComplete = all > 0 ? (int)Math.Min(100, now * 100 / all) : -1;
            cmdlet.WriteProgress(record);
            shown = true;
        }

        if (shown)
        {
            record.RecordType = ProgressRecordType.Completed;
            cmdlet.WriteProgress(record);
        }
    }
}
