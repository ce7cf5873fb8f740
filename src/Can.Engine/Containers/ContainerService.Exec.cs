using System.Diagnostics;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Processes;
using Can.Engine.Starting;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Runs a process in a running container to its end.</summary>
    /// <param name="id">The container.</param>
    /// <param name="options">The process.</param>
    /// <param name="onLine">Called on the calling thread for every line as it arrives; when null the lines are collected in the result.</param>
    /// <param name="cancellation">Kills the process.</param>
    /// <exception cref="CanException"><c>ContainerNotRunning</c>, <c>ContainerSuspended</c>, <c>CommandNotFound</c>, <c>UserNotFound</c> …</exception>
    public ExecResult Exec(string id, ExecOptions options, Action<OutputLine>? onLine, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var lines = new LineCollector(onLine);
        using var output = new OutputPipe(OutputSink.For(options.StandardOutput, OutputSource.Output, lines.Take));
        using var error = new OutputPipe(OutputSink.For(options.StandardError, OutputSource.Error, lines.Take));
        using var input = new InputPipe(options.StandardInput);
        using var process = StartExec(id, options with { Tty = false }, [(0, input.ReadEnd), (1, output.WriteEnd), (2, error.WriteEnd)]);
        output.CloseWriteEnd();
        error.CloseWriteEnd();
        input.Feed();
        using var poller = new Poller(cancellation);
        process.AwaitStart(poller);
        ReadOutput(output, error, process, poller);
        var (exitCode, signal) = process.AwaitExit(poller);
        return new(exitCode, signal, lines.Output, lines.Error, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>
    /// Reads until both streams end, or the process has ended and what it left in the pipes is read: children that it leaves in the
    /// background with its streams are not waited for, as docker exec does not.
    /// </summary>
    private static void ReadOutput(OutputPipe output, OutputPipe error, ExecProcess process, Poller poller)
    {
        for (var left = OutputPipe.ReadsToEmpty; left > 0 && (output.IsOpen || error.IsOpen);)
        {
            Span<Libc.PollEntry> entries = [output.Entry, error.Entry, Poller.Entry(process.Sync, 0)];
            poller.Wait(entries);
            output.ReadIfReady(entries[0]);
            error.ReadIfReady(entries[1]);
            if (entries[2].revents != 0)
            {
                left = entries[0].revents == 0 && entries[1].revents == 0 ? 0 : left - 1;
            }
        }

        output.End();
        error.End();
    }

    /// <summary>Runs a process in a running container on the caller's own terminal (descriptors 0 and 1).</summary>
    /// <returns>Its exit code; null when the user detached.</returns>
    public int? ExecTerminal(string id, ExecOptions options, CancellationToken cancellation)
    {
        using var process = StartExec(id, options with { Tty = true }, []);
        using var poller = new Poller(cancellation);
        process.AwaitStart(poller);
        return process.TryAwaitExit(poller)?.ExitCode;
    }

    /// <summary>Starts a process in a running container and leaves it to itself: what it writes goes nowhere, and its end is nobody's.</summary>
    /// <exception cref="CanException">As for <see cref="Exec"/>.</exception>
    public void ExecDetached(string id, ExecOptions options, CancellationToken cancellation)
    {
        using var process = StartExec(id, options, [], detached: true);
        using var poller = new Poller(cancellation);
        process.AwaitStart(poller);
        _ = process.TryAwaitExit(poller);
    }

    private ExecProcess StartExec(string id, ExecOptions options, ReadOnlySpan<(int, SafeFileHandle)> streams, bool detached = false)
    {
        var container = GetById(id);
        var definition = container.Definition;
        if (container.State == ContainerState.Suspended)
        {
            throw new CanException("ContainerSuspended", CanErrorCategory.InvalidOperation,
                $"The container '{definition.Name}' is suspended; a process in it would not run. Resume it first: Resume-CanContainer {definition.Name}.", definition.Name);
        }

        using var target = RunningProcess(definition, container.Status);
        var seccomp = !options.Privileged && StartPlanner.WantsSeccomp(definition)
            ? SeccompFilter.Default(root, StartPlanner.CapabilitiesOf(definition, HostFacts.Current))
            : null;
        var plan = StartPlanner.PlanExec(root, definition, options, HostFacts.Current, seccomp);
        using var file = PlanFile.Make(PlanWriter.Write(plan));
        var (read, write) = Libc.Pipe();
        using (write)
        {
            var helper = Spawn.Start(engine.Helper.Image, detached ? ["can-monitor", "exec", "-d"] : ["can-monitor", "exec"],
                [((int)PlanDescriptor.Plan, file), ((int)PlanDescriptor.Sync, write), ((int)PlanDescriptor.Target, target.Handle), .. streams], nullStreams: detached);
            return new ExecProcess(plan, definition.Name, helper, read);
        }
    }

    /// <summary>A helper that runs one process in a container. Its sync pipe is its leash: closing it kills the process.</summary>
    private sealed class ExecProcess(StartPlan plan, string container, int helper, SafeFileHandle sync) : IDisposable
    {
        private bool reaped;

        internal SafeFileHandle Sync => sync;

        internal void AwaitStart(Poller poller)
        {
            var message = SyncMessage.Read(sync, poller) ?? throw HelperVanished();
            if (message.Kind == SyncKind.Failed)
            {
                throw StartFailure.ToException(plan, message.Step, message.Error, message.Text, container);
            }
        }

        internal (int ExitCode, int Signal) AwaitExit(Poller poller) => TryAwaitExit(poller) ?? throw HelperVanished();

        /// <summary>How it ended; null when it goes on because the user detached.</summary>
        internal (int ExitCode, int Signal)? TryAwaitExit(Poller poller)
        {
            var message = SyncMessage.Read(sync, poller);
            if (message is { Kind: SyncKind.Started })
            {
                // Detached: the helper goes on reading the process's terminal until the process ends.
                reaped = true;
                new Thread(() => Spawn.Reap(helper)) { IsBackground = true, Name = "can detached exec" }.Start();
                return null;
            }

            Reap();
            return message is { Kind: SyncKind.Exited } end ? (end.ExitCode, end.Signal) : throw HelperVanished();
        }

        public void Dispose()
        {
            sync.Dispose();
            Reap();
        }

        private void Reap()
        {
            if (!reaped)
            {
                reaped = true;
                _ = Spawn.Reap(helper);
            }
        }
    }
}
