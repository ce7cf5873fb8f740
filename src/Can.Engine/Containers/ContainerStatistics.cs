namespace Can.Engine.Containers;

/// <summary>What a running container uses; null where the host's cgroups do not measure it.</summary>
public sealed record ContainerStatistics
{
    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>The container's Id.</summary>
    public required string Id { get; init; }

    /// <summary>When it was measured.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Processor time since the run began.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>Share of one processor since the previous sample (or over a short pause for a single one), in percent; 100 = one whole core.</summary>
    public double? CpuPercent { get; init; }

    /// <summary>Memory in use in bytes, page cache that can be dropped at once left out.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The memory limit in bytes; null without one.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>Share of the memory limit, in percent; null without a limit.</summary>
    public double? MemoryPercent { get; init; }

    /// <summary>Processes and threads.</summary>
    public long? Pids { get; init; }

    /// <summary>Most processes and threads; null without a limit.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Bytes read from block devices.</summary>
    public long? BlockReadBytes { get; init; }

    /// <summary>Bytes written to block devices.</summary>
    public long? BlockWriteBytes { get; init; }
}
