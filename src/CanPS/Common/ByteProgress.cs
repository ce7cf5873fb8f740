using System.Management.Automation;

namespace CanPS.Common;

/// <summary>A progress bar without an end: the working thread only says how many bytes are done, the pipeline's thread shows it.</summary>
internal sealed class ByteProgress(CanCmdlet cmdlet, string activity, string what) : IProgress<long>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private long done;

    /// <inheritdoc/>
    public void Report(long value) => Volatile.Write(ref done, value);

    /// <summary>Does the work on another thread and shows the bar until it has ended; what is over at once shows none.</summary>
    public T Run<T>(Func<IProgress<long>, T> work)
    {
        var task = Task.Run(() => work(this));
        var record = new ProgressRecord(1, activity, what);
        var shown = false;
        while (!((IAsyncResult)task).AsyncWaitHandle.WaitOne(Pause))
        {
            record.StatusDescription = $"{what}: {Display.Size(Volatile.Read(ref done))}";
            cmdlet.WriteProgress(record);
            shown = true;
        }

        if (shown)
        {
            record.RecordType = ProgressRecordType.Completed;
            cmdlet.WriteProgress(record);
        }

        return task.GetAwaiter().GetResult();
    }
}
