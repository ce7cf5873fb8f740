using System.Buffers.Binary;
using System.Diagnostics;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Processes;
using Can.Engine.Kernel.Sockets;
using Can.Engine.Starting;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    private const byte AttachInput = 1;
    private const byte AttachOutput = 2;

    /// <summary>Where <c>can-monitor attach</c> finds the console connection.</summary>
    private const int AttachConnection = 3;

    /// <summary>Joins the caller's terminal, or the callback, to a running container until it ends, the user detaches or the call is cancelled.</summary>
    /// <param name="id">The container.</param>
    /// <param name="options">What to join.</param>
    /// <param name="onLine">Called on the calling thread for every line; null with a terminal.</param>
    /// <param name="cancellation">Detaches.</param>
    /// <returns>The container's exit code; null when detached.</returns>
    /// <exception cref="CanException"><c>ContainerNotRunning</c>, <c>ContainerHasNoTerminal</c></exception>
    public int? Attach(string id, AttachOptions options, Action<OutputLine>? onLine, CancellationToken cancellation)
    {
        var container = GetById(id);
        RequireTerminal(container.Definition, options);
        using var console = container.MonitorProcessId is null ? null : ControlConnection.TryConnect(root.ContainerRun(id));
        var mask = (byte)(AttachOutput | (options.Terminal || options.StandardInput is not null ? AttachInput : 0));
        if (console is null || !console.Request(ControlType.Attach, [mask], cancellation))
        {
            throw NotRunning(container.Definition);
        }

        return Converse(console, options, new LineCollector(onLine), cancellation)?.ExitCode;
    }

    /// <summary>Makes a container, runs it in the foreground to its end, and removes it unless told otherwise.</summary>
    /// <param name="options">The container. With Tty and Interactive the caller's own terminal is joined.</param>
    /// <param name="attach">What to join.</param>
    /// <param name="remove">Remove it at the end.</param>
    /// <param name="onLine">Called on the calling thread for every line; when null the lines are collected.</param>
    /// <param name="cancellation">Kills (and removes) the container.</param>
    public RunResult Run(ContainerOptions options, AttachOptions attach, bool remove, Action<OutputLine>? onLine, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var lines = new LineCollector(onLine);
        using var made = Make(options, cancellation);
        var definition = made.Definition;
        RequireTerminal(definition, attach);
        ConsoleExit? exit;
        try
        {
            exit = RunAttached(made, attach, lines, cancellation);
        }
        catch (OperationCanceledException)
        {
            StopLocked(definition, timeout: null, force: true, CancellationToken.None);
            KeepUnless(remove, made);
            throw;
        }

        var detached = exit is null;
        KeepUnless(remove && !detached, made);
        var last = Snapshot(definition);
        return new(last, detached ? null : exit!.Value.ExitCode, exit?.OomKilled ?? false, lines.Output, lines.Error, Stopwatch.GetElapsedTime(started));
    }

    private static void KeepUnless(bool remove, NewContainer made)
    {
        if (!remove)
        {
            made.Keep();
        }
    }

    private ConsoleExit? RunAttached(NewContainer made, AttachOptions attach, LineCollector lines, CancellationToken cancellation)
    {
        var (here, there) = ControlConnection.Pair();
        using (here)
        {
            SyncMessage? started;
            using (there)
            {
                var size = attach.Terminal ? TerminalSize.OfStandardOutput() : default;
                started = StartLocked(made.Definition, there, size, cancellation, whileStarting: made.Settle);
            }

            var exit = Converse(here, attach, lines, cancellation);
            if (exit is not null && started is { } run)
            {
                // The run lock is free, and the container can be removed, once the monitor has gone.
                WaitForMonitor(run.MonitorProcessId, run.MonitorStartTime, timeout: null, cancellation);
            }

            return exit;
        }
    }

    private static void RequireTerminal(ContainerDefinition definition, AttachOptions options)
    {
        if (options.Terminal && !definition.Tty)
        {
            throw new CanException("ContainerHasNoTerminal", CanErrorCategory.InvalidOperation,
                $"The container '{definition.Name}' was made without a terminal. Make it with -Tty, or get a shell in it with Enter-CanContainer {definition.Name}.", definition.Name);
        }
    }

    /// <summary>Carries input and output until the container ends; null when the user detached.</summary>
    private ConsoleExit? Converse(ControlConnection console, AttachOptions options, LineCollector lines, CancellationToken cancellation)
    {
        if (options.Terminal)
        {
            return ProxyTerminal(console, options, cancellation);
        }

        if (options.StandardInput is { } input)
        {
            StreamFeeder.Start(input, data => FeedConsole(console, data.Span), () => EndConsoleInput(console));
        }

        return ReadConsole(console, lines, cancellation);
    }

    private static bool FeedConsole(ControlConnection console, ReadOnlySpan<byte> data) => console.Send(ControlType.Input, data);

    private static void EndConsoleInput(ControlConnection console)
    {
        try
        {
            _ = console.Send(ControlType.End, []);
        }
        catch (ObjectDisposedException)
        {
            // The container has ended before its input.
        }
    }

    private static ConsoleExit? ReadConsole(ControlConnection console, LineCollector lines, CancellationToken cancellation)
    {
        var output = new LineSplitter(OutputSource.Output, lines.Take);
        var error = new LineSplitter(OutputSource.Error, lines.Take);
        var packet = new byte[ControlConnection.MaximumPacket];
        using var poller = new Poller(cancellation);
        ConsoleExit? exit = null;
        while (exit is null)
        {
            poller.WaitReadable(console.Handle);
            var length = console.Receive(packet);
            if (length == 0)
            {
                break;
            }

            exit = length < 0 ? null : TakePacket(packet.AsSpan(0, length), output, error);
        }

        output.End();
        error.End();
        return exit ?? new(StatusReader.KilledExitCode, false);
    }

    private static ConsoleExit? TakePacket(ReadOnlySpan<byte> packet, LineSplitter output, LineSplitter error)
    {
        switch ((ControlType)packet[0])
        {
            case ControlType.Out:
                output.Add(packet[1..]);
                return null;
            case ControlType.Error:
                error.Add(packet[1..]);
                return null;
            case ControlType.Exit when packet.Length >= 13:
                return new(BinaryPrimitives.ReadInt32LittleEndian(packet[1..]), BinaryPrimitives.ReadInt32LittleEndian(packet[9..]) != 0);
            default:
                return null;
        }
    }

    /// <summary>Lets the helper carry bytes between the caller's terminal and the container's.</summary>
    private ConsoleExit? ProxyTerminal(ControlConnection console, AttachOptions options, CancellationToken cancellation)
    {
        var keys = DetachKeys.Parse(options.DetachKeys);
        var (read, write) = Libc.Pipe();
        using (read)
        {
            int proxy;
            using (write)
            {
                proxy = Spawn.Start(engine.Helper.Image, ["can-monitor", "attach", keys.Length == 0 ? "-" : Convert.ToHexStringLower(keys)],
                    [(AttachConnection, console.Handle), ((int)PlanDescriptor.Sync, write)], nullStreams: false);
            }

            try
            {
                using var poller = new Poller(cancellation);
                var end = SyncMessage.Read(read, poller);
                return end is { Kind: SyncKind.Exited } exited ? new(exited.ExitCode, false) : null;
            }
            finally
            {
                // Closing our end tells a proxy that still runs to give the terminal back and go.
                read.Dispose();
                _ = Spawn.Reap(proxy);
            }
        }
    }

    /// <summary>What the monitor says at a container's end.</summary>
    private readonly record struct ConsoleExit(int ExitCode, bool OomKilled);
}
