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

        options.Started?.Invoke(container);
        return Converse(console, options, new LineCollector(onLine), cancellation)?.ExitCode;
    }

    /// <summary>Starts a container and joins it from its first byte on; one that runs is joined as it is.</summary>
    /// <inheritdoc cref="Attach"/>
    public int? StartAttached(string id, AttachOptions options, Action<OutputLine>? onLine, CancellationToken cancellation)
    {
        Joined? joined;
        using (Lock(id, out var definition, cancellation))
        {
            RequireTerminal(definition, options);
            joined = StartJoined(definition, options, whileStarting: null, cancellation);
        }

        if (joined is null)
        {
            return Attach(id, options, onLine, cancellation);
        }

        using (joined)
        {
            return ConverseToEnd(joined, options, new LineCollector(onLine), cancellation)?.ExitCode;
        }
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
        if (attach.Terminal)
        {
            // Before anything is made, or received.
            _ = DetachKeys.Parse(attach.DetachKeys);
        }

        ContainerDefinition definition;
        Joined joined;
        using (var made = Make(options, cancellation))
        {
            definition = made.Definition;
            RequireTerminal(definition, attach);
            joined = StartJoined(definition, attach, made.Settle, cancellation)!;
            made.Keep();
        }

        // Whoever wants to stop the container, or copy from it, gets its lock from here on.
        ConsoleExit? exit;
        using (joined)
        {
            try
            {
                exit = ConverseToEnd(joined, attach, lines, cancellation);
            }
            catch
            {
                EndRun(definition, remove);
                throw;
            }
        }

        var last = Snapshot(definition);
        if (exit is not null && remove)
        {
            EndRun(definition, remove);
        }

        return new(last, exit?.ExitCode, exit?.OomKilled ?? false, lines.Output, lines.Error, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Nothing of it runs any more, and perhaps nothing is left of it; somebody else may have been faster.</summary>
    private void EndRun(ContainerDefinition definition, bool remove)
    {
        try
        {
            using var held = Lock(definition.Id, out definition, CancellationToken.None);
            StopLocked(definition, timeout: null, force: true, CancellationToken.None);
            if (remove)
            {
                RemoveLocked(definition);
            }
        }
        catch (CanException gone) when (gone.ErrorId == "ContainerNotFound")
        {
        }
    }

    /// <summary>Starts a container whose operation lock the caller holds, with a console from its first byte on; null when it runs already.</summary>
    private Joined? StartJoined(ContainerDefinition definition, AttachOptions attach, Action? whileStarting, CancellationToken cancellation)
    {
        var (here, there) = ControlConnection.Pair();
        using (there)
        {
            try
            {
                var size = attach.Terminal ? TerminalSize.OfStandardOutput() : default;
                if (StartLocked(definition, there, size, cancellation, whileStarting) is { } started)
                {
                    attach.Started?.Invoke(Snapshot(definition));
                    return new(here, started);
                }
            }
            catch
            {
                here.Dispose();
                throw;
            }
        }

        here.Dispose();
        return null;
    }

    private ConsoleExit? ConverseToEnd(Joined joined, AttachOptions attach, LineCollector lines, CancellationToken cancellation)
    {
        var exit = Converse(joined.Console, attach, lines, cancellation);
        if (exit is not null)
        {
            // The run lock is free, and the container can be removed, once the monitor has gone.
            WaitForMonitor(joined.Started.MonitorProcessId, joined.Started.MonitorStartTime, timeout: null, cancellation);
        }

        return exit;
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

        if (options.StandardInput is { } last && options.DetachAfterInput)
        {
            return ConverseUntilFed(console, options, last, lines, cancellation);
        }

        if (options.StandardInput is { } input)
        {
            StreamFeeder.Start(input, data => FeedConsole(console, data.Span), () => EndConsoleInput(console));
        }

        return ReadConsole(console, options, lines, cancellation);
    }

    /// <summary>Null too when all input has been handed over.</summary>
    private static ConsoleExit? ConverseUntilFed(ControlConnection console, AttachOptions options, Stream input, LineCollector lines, CancellationToken cancellation)
    {
        // Not disposed: the feeder may come to the end of the input long after the container to its own.
        var fed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        StreamFeeder.Start(input, data => FeedConsole(console, data.Span), () =>
        {
            EndConsoleInput(console);
            fed.Cancel();
        });
        try
        {
            return ReadConsole(console, options, lines, fed.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
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

    private static ConsoleExit? ReadConsole(ControlConnection console, AttachOptions options, LineCollector lines, CancellationToken cancellation)
    {
        var output = OutputSink.For(options.StandardOutput, OutputSource.Output, lines.Take);
        var error = OutputSink.For(options.StandardError, OutputSource.Error, lines.Take);
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

    private static ConsoleExit? TakePacket(ReadOnlySpan<byte> packet, OutputSink output, OutputSink error)
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

    /// <summary>A container that has been started, and the caller's end of its console.</summary>
    private sealed record Joined(ControlConnection Console, SyncMessage Started) : IDisposable
    {
        public void Dispose() => Console.Dispose();
    }

    /// <summary>What the monitor says at a container's end.</summary>
    private readonly record struct ConsoleExit(int ExitCode, bool OomKilled);
}
