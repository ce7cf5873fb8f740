namespace Can.Engine.Images.Importing;

/// <summary>How far an import is; counts from several threads.</summary>
internal sealed class ImportMeter(IProgress<(long Done, long Total)>? progress)
{
    private long done;

    /// <summary>Bytes there are; 0 if unknown.</summary>
    public long Total { get; set; }

    /// <summary>So many more have been read.</summary>
    public void Add(int count)
    {
        var now = Interlocked.Add(ref done, count);
        progress?.Report((now, Total));
    }

    /// <summary>So many have been read in all.</summary>
    public void Set(long count)
    {
        Interlocked.Exchange(ref done, count);
        progress?.Report((count, Total));
    }
}
