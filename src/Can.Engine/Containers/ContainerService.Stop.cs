using System.Diagnostics;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Kernel.Processes;
using Can.Engine.Kernel.Sockets;
using Can.Engine.Starting;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>How long the kernel gets to end a container that has been killed.</summary>
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(30);

    /// <summary>How long the set-up of a container whose engine was killed may take until it is given up.</summary>
    private static readonly TimeSpan BirthPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Asks a container to end, kills it after the timeout (null: the container's own); with force kills it at once. One that does
    /// not run is left alone.
    /// </summary>
    /// <param name="id">The container.</param>
    /// <param name="timeout">How long it may take; null for its own time.</param>
    /// <param name="force">Do not ask.</param>
    /// <param name="cancellation">Ends the wait, not the container.</param>
    /// <param name="signal">The signal that asks it; null for its own.</param>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>SignalInvalid</c></exception>
    public Container Stop(string id, TimeSpan? timeout, bool force, CancellationToken cancellation, string? signal = null)
    {
        var number = signal is null ? (int?)null : SignalNumber.Parse(signal);
        using var held = Lock(id, out var definition, cancellation);
        StopLocked(number is { } asking ? definition with { StopSignal = asking } : definition, timeout, force, cancellation);
        return Snapshot(definition);
    }

    /// <summary>Sends a signal (<c>SIGHUP</c>, <c>HUP</c> or a number) to PID 1.</summary>
    /// <exception cref="CanException"><c>ContainerNotRunning</c>, <c>SignalInvalid</c></exception>
    public void Signal(string id, string signal)
    {
        var number = SignalNumber.Parse(signal);
        var container = GetById(id);
        using var process = RunningProcess(container.Definition, container.Status);
        if (!process.Signal(number))
        {
            throw NotRunning(container.Definition);
        }
    }

    /// <summary>
    /// Sends a signal to PID 1 of a running container; SIGKILL ends the container for good, whatever its restart policy says, as docker
    /// kill does.
    /// </summary>
    /// <exception cref="CanException"><c>ContainerNotRunning</c>, <c>SignalInvalid</c></exception>
    public void Kill(string id, string signal, CancellationToken cancellation)
    {
        if (SignalNumber.Parse(signal) != SignalNumber.Kill)
        {
            Signal(id, signal);
            return;
        }

        using var held = Lock(id, out var definition, cancellation);
        if (FindMonitor(definition, cancellation) is null)
        {
            throw NotRunning(definition);
        }

        StopLocked(definition, timeout: null, force: true, cancellation);
    }

    private void StopLocked(
        ContainerDefinition definition, TimeSpan? timeout, bool force, CancellationToken cancellation, StopReason reason = StopReason.User)
    {
        EndLocked(definition, timeout, force, reason, cancellation);

        // A monitor that was killed, before or meanwhile, has not cleaned up.
        residue.SweepAbandonedLocked(definition.Id);
    }

    private void EndLocked(ContainerDefinition definition, TimeSpan? timeout, bool force, StopReason reason, CancellationToken cancellation)
    {
        var id = definition.Id;
        var run = root.ContainerRun(id);
        if (FindMonitor(definition, cancellation) is not { } status)
        {
            return;
        }

        // The intent goes first, so that no policy restarts what is about to end.
        using (var control = ControlConnection.TryConnect(run))
        {
            _ = control?.Request(ControlType.Stop, [(byte)reason], cancellation);
        }

        status = StatusFile.TryRead($"{run}/status") ?? status;
        if (!force && status.State == MonitorState.Running)
        {
            AskToEnd(definition, status);
            if (WaitForMonitor(status.Monitor, status.MonitorStart, timeout ?? TimeSpan.FromSeconds(definition.StopTimeoutSeconds), cancellation))
            {
                return;
            }
        }

        KillLocked(definition, status, cancellation);
    }

    /// <summary>
    /// The status of a container whose monitor lives; null when there is none. A monitor that has only just begun (its engine was
    /// killed meanwhile) has written nothing yet, and one that is about to end holds the run lock for some moments more: both are
    /// waited for. The caller holds the operation lock, so no other monitor can begin.
    /// </summary>
    private StatusFile? FindMonitor(ContainerDefinition definition, CancellationToken cancellation)
    {
        var run = root.ContainerRun(definition.Id);
        var started = Stopwatch.GetTimestamp();
        for (var pause = 1; RunLock.IsHeld($"{run}/run.lock"); pause = Math.Min(pause * 2, 32))
        {
            if (StatusFile.TryRead($"{run}/status") is { State: not MonitorState.Exited } live)
            {
                return live;
            }

            var waited = Stopwatch.GetElapsedTime(started);
            if (waited > KillPatience)
            {
                throw NotKilled(definition);
            }

            if (waited > BirthPatience)
            {
                // A step of the set-up that waits for something for ever ends with the process that carries it out.
                HostFacts.Current.Cgroups.Kill(root, definition.Id);
            }

            cancellation.WaitHandle.WaitOne(pause);
            cancellation.ThrowIfCancellationRequested();
        }

        return null;
    }

    /// <summary>Sends the stop signal; a suspended container could not act on it, so it is thawed.</summary>
    private void AskToEnd(ContainerDefinition definition, StatusFile status)
    {
        using var process = PidFd.TryOpen(status.ProcessId, status.ProcessStart);
        process?.Signal(definition.StopSignal);
        if (HostFacts.Current.Cgroups.IsFrozen(root, definition.Id))
        {
            HostFacts.Current.Cgroups.Freeze(root, definition.Id, frozen: false, CancellationToken.None);
        }
    }

    private void KillLocked(ContainerDefinition definition, StatusFile status, CancellationToken cancellation)
    {
        using (var process = status.ProcessId == 0 ? null : PidFd.TryOpen(status.ProcessId, status.ProcessStart))
        {
            process?.Signal(SignalNumber.Kill);
        }

        if (HostFacts.Current.Cgroups.IsFrozen(root, definition.Id))
        {
            HostFacts.Current.Cgroups.Freeze(root, definition.Id, frozen: false, CancellationToken.None);
        }

        if (!WaitForMonitor(status.Monitor, status.MonitorStart, KillPatience, cancellation))
        {
            throw NotKilled(definition);
        }
    }

    private static CanException NotKilled(ContainerDefinition definition) =>
        new("ContainerNotKilled", CanErrorCategory.OperationTimeout,
            $"The container '{definition.Name}' did not end within {KillPatience.TotalSeconds:0} seconds after SIGKILL; a process of it waits in the kernel. Look at the state 'D' in Get-CanProcess {definition.Name}, then try again.", definition.Name);

    /// <summary>Waits for the end of a monitor.</summary>
    /// <returns>False when the time is over.</returns>
    private static bool WaitForMonitor(int monitor, ulong startTime, TimeSpan? timeout, CancellationToken cancellation)
    {
        using var process = PidFd.TryOpen(monitor, startTime);
        if (process is null)
        {
            return true;
        }

        using var poller = new Poller(cancellation);
        return poller.WaitReadable(process.Handle, timeout);
    }

    /// <summary>PID 1 of a running container.</summary>
    private static PidFd RunningProcess(ContainerDefinition definition, ContainerStatus status) =>
        status.ProcessId is { } processId && PidFd.TryOpen(processId, status.ProcessStartTime) is { } process ? process : throw NotRunning(definition);

    private static CanException NotRunning(ContainerDefinition definition) =>
        new("ContainerNotRunning", CanErrorCategory.InvalidOperation,
            $"The container '{definition.Name}' does not run. Start it first: Start-CanContainer {definition.Name}.", definition.Name);
}
