using System.Text;
using Can.Engine.Containers.Files;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Storage;

namespace Can.Engine.Containers;

/// <summary>
/// Tells what a container is doing. The run lock decides whether it lives; the status file says the rest. A file that says
/// "running" beside a free lock means that the monitor was killed, and its container with it.
/// </summary>
internal sealed class StatusReader(CanRoot root)
{
    /// <summary>128 + SIGKILL: what the container's processes got when their monitor died.</summary>
    internal const int KilledExitCode = 137;

    /// <summary>The control socket in a container's run directory.</summary>
    internal static string SocketOf(string runDirectory) => $"{runDirectory}/control";

    /// <summary>The status now.</summary>
    /// <param name="id">The container.</param>
    /// <param name="abandoned">The monitor died without cleaning up.</param>
    internal ContainerStatus Read(string id, out bool abandoned)
    {
        var run = root.ContainerRun(id);
        var file = StatusFile.TryRead($"{run}/status");
        var held = RunLock.IsHeld($"{run}/run.lock");
        if (!held && file is { State: not MonitorState.Exited })
        {
            // The monitor may have ended between the two looks.
            file = StatusFile.TryRead($"{run}/status");
        }

        abandoned = !held && (file is { State: not MonitorState.Exited } || File.Exists(SocketOf(run)));
        return held && file is { State: not MonitorState.Exited } live ? Live(id, live) : Ended(id, file ?? StatusFile.TryRead($"{root.ContainerState(id)}/status"));
    }

    private ContainerStatus Live(string id, StatusFile file)
    {
        var running = file.State == MonitorState.Running;
        return new()
        {
            State = !running ? ContainerState.Restarting : IsSuspended(id) ? ContainerState.Suspended : ContainerState.Running,
            ExitCode = running ? null : file.ExitCode,
            OomKilled = !running && file.OomKilled,
            ProcessId = running ? file.ProcessId : null,
            ProcessStartTime = file.ProcessStart,
            MonitorProcessId = file.Monitor,
            MonitorStartTime = file.MonitorStart,
            StartedAt = StatusFile.Time(file.Started),
            FinishedAt = running ? null : StatusFile.Time(file.Finished),
            RestartCount = file.Restarts,
            Health = HealthOf(id, file),
        };
    }

    private bool IsSuspended(string id) => HostFacts.Current.Cgroups.IsFrozen(root, id) && !BriefSuspension.TryEndAbandoned(root, id);

    private ContainerStatus Ended(string id, StatusFile? file) =>
        file is not { } last
            ? new() { State = ContainerState.Created }
            : new()
            {
                State = ContainerState.Exited,
                ExitCode = last.State == MonitorState.Exited ? last.ExitCode : KilledExitCode,
                OomKilled = last.OomKilled,
                StartedAt = StatusFile.Time(last.Started),
                FinishedAt = StatusFile.Time(last.Finished),
                RestartCount = last.Restarts,
                Stopped = last.Stopped,
                Health = HealthOf(id, last),
            };

    private ContainerHealth? HealthOf(string id, StatusFile file) => file.Health is not { } health ? null
        : file.HealthChecked == 0 ? ContainerHealth.Unknown
        : new(health, file.HealthFailures, file.HealthExit, StatusFile.Time(file.HealthChecked)?.ToLocalTime(), HealthOutput(id));

    /// <summary>What the latest probe wrote; a reboot forgets it.</summary>
    private string HealthOutput(string id) =>
        AtomicFile.TryRead($"{root.ContainerRun(id)}/health.output") is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
}
