namespace Can.Engine.Containers;

/// <summary>The live half of a container: what the run lock, the status files and the freezer say.</summary>
internal sealed record ContainerStatus
{
    public required ContainerState State { get; init; }
    public int? ExitCode { get; init; }
    public bool OomKilled { get; init; }
    public int? ProcessId { get; init; }
    public ulong ProcessStartTime { get; init; }
    public int? MonitorProcessId { get; init; }
    public ulong MonitorStartTime { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public int RestartCount { get; init; }
    public bool Stopped { get; init; }
    public ContainerHealth? Health { get; init; }
}
