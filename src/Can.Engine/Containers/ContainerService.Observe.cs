using Can.Engine.Kernel;
using Can.Engine.Kernel.Processes;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>How long a single measurement watches in order to tell the share of the processor.</summary>
    private static readonly TimeSpan SamplePause = TimeSpan.FromMilliseconds(100);

    /// <summary>Its processes as the host sees them, in the order of their ids; none when it does not run.</summary>
    public IReadOnlyList<ContainerProcess> Processes(string id)
    {
        var container = GetById(id);
        if (container.ProcessId is null)
        {
            return [];
        }

        return [.. HostFacts.Current.Cgroups.Processes(root, id).Order().Select(process => ProcessReader.TryRead(container.Name, process)).OfType<ContainerProcess>()];
    }

    /// <summary>What it uses; CpuPercent is relative to <paramref name="previous"/>, or to a short pause when that is null.</summary>
    /// <exception cref="CanException"><c>ContainerNotRunning</c></exception>
    public ContainerStatistics Measure(string id, ContainerStatistics? previous, CancellationToken cancellation)
    {
        var container = GetById(id);
        if (container.State is not (ContainerState.Running or ContainerState.Suspended))
        {
            throw NotRunning(container.Definition);
        }

        if (previous is null)
        {
            previous = HostFacts.Current.Cgroups.Measure(root, id, container.Name);
            cancellation.WaitHandle.WaitOne(SamplePause);
            cancellation.ThrowIfCancellationRequested();
        }

        var now = HostFacts.Current.Cgroups.Measure(root, id, container.Name);
        var elapsed = now.Timestamp - previous.Timestamp;
        return now with
        {
            CpuPercent = elapsed > TimeSpan.Zero && now.CpuTime - previous.CpuTime is { } used ? Math.Max(used / elapsed * 100, 0) : null,
            MemoryLimitBytes = container.Limits.MemoryBytes,
            MemoryPercent = container.Limits.MemoryBytes is { } limit ? 100.0 * now.MemoryBytes / limit : null,
            PidsLimit = container.Limits.PidsLimit is > 0 and var pids ? pids : null,
        };
    }
}
