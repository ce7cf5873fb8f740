using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Kernel.Processes;
using Can.Engine.Networks.Wiring;
using Can.Engine.Starting;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Starts a container; one that runs is left alone.</summary>
    public Container Start(string id, CancellationToken cancellation)
    {
        using var held = Lock(id, out var definition, cancellation);
        StartLocked(definition, console: null, default, cancellation);
        return Snapshot(definition);
    }

    /// <summary>Stops and starts it.</summary>
    public Container Restart(string id, TimeSpan? timeout, CancellationToken cancellation)
    {
        using var held = Lock(id, out var definition, cancellation);
        StopLocked(definition, timeout, force: false, cancellation);
        StartLocked(definition, console: null, default, cancellation);
        return Snapshot(definition);
    }

    /// <summary>Starts a container whose operation lock the caller holds.</summary>
    /// <param name="definition">The container.</param>
    /// <param name="console">A console connection that the monitor inherits, attached from the first byte; null for none.</param>
    /// <param name="terminal">Rows and columns of the terminal; none given for 24 by 80.</param>
    /// <param name="cancellation">Ends the wait for the start; the container is then killed.</param>
    /// <param name="whileStarting">Done while the helper works; when it fails the container is killed.</param>
    /// <returns>What the helper said; null when the container already runs.</returns>
    private SyncMessage? StartLocked(
        ContainerDefinition definition, SafeFileHandle? console, (int Rows, int Columns) terminal, CancellationToken cancellation, Action? whileStarting = null)
    {
        var id = definition.Id;
        var run = root.ContainerRun(id);
        residue.SweepAbandonedLocked(id);
        using var runLock = TakeRunLock(definition, cancellation);
        if (runLock is null)
        {
            return null;
        }

        File.Delete(RenewedPlan(id));
        AnnounceSharing(definition, cancellation);
        using var network = engine.Networks.Prepare(definition);
        EtcFiles.Write($"{run}/etc", definition, network?.StubGateway);
        HostFacts.Current.Cgroups.Prepare(root);
        var plan = CompilePlan(definition, attached: console is not null, terminal, network?.Wiring, network?.Reservations.Count ?? 0);
        SyncMessage started;
        try
        {
            started = SpawnMonitor(plan, runLock.Handle, console, network?.Reservations ?? [], whileStarting, cancellation);
        }
        catch
        {
            // The monitor, if there is one, does not know that nobody listens any more: it goes on.
            runLock.Dispose();
            StopLocked(definition, timeout: null, force: true, CancellationToken.None);
            throw;
        }

        return started.Kind == SyncKind.Started
            ? started
            : throw StartFailure.ToException(plan, started.Step, started.Error, started.Text, definition.Name);
    }

    /// <summary>The run lock; null when the container runs.</summary>
    private RunLock? TakeRunLock(ContainerDefinition definition, CancellationToken cancellation)
    {
        var path = $"{root.ContainerRun(definition.Id)}/run.lock";
        while (true)
        {
            if (RunLock.TryTake(path) is { } free)
            {
                return free;
            }

            if (FindMonitor(definition, cancellation) is not null)
            {
                return null;
            }

            residue.SweepAbandonedLocked(definition.Id);
        }
    }

    private StartPlan CompilePlan(ContainerDefinition definition, bool attached, (int Rows, int Columns) terminal, NetworkWiring? network, int portSockets)
    {
        var host = HostFacts.Current;
        var surroundings = new StartSurroundings
        {
            Attached = attached,
            SeccompFilter = StartPlanner.WantsSeccomp(definition) ? SeccompFilter.Default(root, StartPlanner.CapabilitiesOf(definition, host)) : null,
            VolumePaths = VolumePathsOf(definition),
            Network = network,
            PortSockets = portSockets,
            Shared = SharedNetwork(definition),
            TerminalSize = terminal is { Rows: > 0, Columns: > 0 } ? terminal : (24, 80),
        };
        return StartPlanner.Plan(root, definition, host, surroundings);
    }

    private Dictionary<string, string> VolumePathsOf(ContainerDefinition definition) =>
        definition.Mounts.Where(mount => mount.Kind == MountKind.Volume && mount.Source.Length > 0)
            .Select(mount => mount.Source).Distinct().ToDictionary(name => name, engine.Volumes.PathOf);

    /// <summary>Runs the helper and hears how the first run began.</summary>
    private SyncMessage SpawnMonitor(
        StartPlan plan, SafeFileHandle runLock, SafeFileHandle? console, IReadOnlyList<PortReservation> ports, Action? whileStarting,
        CancellationToken cancellation)
    {
        using var file = PlanFile.Make(PlanWriter.Write(plan));
        var (read, write) = Libc.Pipe();
        using (read)
        {
            int spawned;
            using (write)
            {
                List<(int, SafeFileHandle)> descriptors = [((int)PlanDescriptor.Plan, file), ((int)PlanDescriptor.Sync, write), ((int)PlanDescriptor.RunLock, runLock)];
                if (console is not null)
                {
                    descriptors.Add(((int)PlanDescriptor.Console, console));
                }

                for (var index = 0; index < ports.Count; index++)
                {
                    descriptors.Add(((int)PlanDescriptor.Ports + index, ports[index].Socket));
                }

                spawned = Spawn.Start(engine.Helper.Image, ["can-monitor", "run"],
                    System.Runtime.InteropServices.CollectionsMarshal.AsSpan(descriptors), nullStreams: true);
            }

            try
            {
                whileStarting?.Invoke();
            }
            finally
            {
                // The spawned process ends as soon as it has forked the monitor.
                _ = Spawn.Reap(spawned);
            }

            using var poller = new Poller(cancellation);
            return SyncMessage.Read(read, poller) ?? throw HelperVanished();
        }
    }

    private static CanException HelperVanished() =>
        new("HelperVanished", CanErrorCategory.OperatingSystem,
            "The helper can-monitor ended without saying how the start went. Look for a crash or the kernel's out-of-memory killer: dmesg | tail.");
}
