using Can.Engine.Kernel;
using Can.Engine.Kernel.Processes;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Reads the log, lazily, oldest line first.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c></exception>
    public IEnumerable<LogEntry> ReadLog(string id, LogOptions options, CancellationToken cancellation)
    {
        var container = GetById(id);
        var reader = new LogReader(container.Name);
        return ReadLog(container, reader, options, cancellation)
            .Concat(reader.Unfinished())
            .TakeWhile(entry => !(entry.Timestamp >= options.Before))
            .Where(entry => options.After is not { } after || entry.Timestamp > after);
    }

    private IEnumerable<LogEntry> ReadLog(Container container, LogReader reader, LogOptions options, CancellationToken cancellation)
    {
        var directory = $"{root.ContainerState(container.Id)}/logs";
        var files = new LogFiles(directory);
        using var watch = options.Follow ? new DirectoryWatch(directory) : null;
        SafeFileHandle? current = null;
        try
        {
            foreach (var entry in ReadPresent(files, reader, options.Tail, file => current = file))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return entry;
            }

            if (watch is null)
            {
                yield break;
            }

            using var follower = new LogFollower(container, files, reader, watch, cancellation);
            foreach (var entry in follower.Follow(current))
            {
                yield return entry;
            }
        }
        finally
        {
            current?.Dispose();
        }
    }

    /// <summary>What is there now; the newest file is handed on open, for following.</summary>
    private static IEnumerable<LogEntry> ReadPresent(LogFiles files, LogReader reader, int? tail, Action<SafeFileHandle> keepNewest)
    {
        var open = files.Open();
        try
        {
            var (first, offset) = tail is { } messages ? LogFiles.FindTail(open, messages) : (0, 0);
            for (var index = first; index < open.Count; index++)
            {
                foreach (var entry in reader.Read(open[index], index == first ? offset : 0))
                {
                    yield return entry;
                }
            }

            if (open.Count > 0)
            {
                keepNewest(open[^1]);
                open.RemoveAt(open.Count - 1);
            }
        }
        finally
        {
            open.ForEach(file => file.Dispose());
        }
    }

    /// <summary>Goes on with new lines until the container ends.</summary>
    private sealed class LogFollower(
        Container container, LogFiles files, LogReader reader, DirectoryWatch watch, CancellationToken cancellation) : IDisposable
    {
        private readonly Poller poller = new(cancellation);
        private PidFd? monitor;

        internal IEnumerable<LogEntry> Follow(SafeFileHandle? current)
        {
            while (true)
            {
                var ended = !Lives();
                watch.Drain();
                if (current is not null)
                {
                    foreach (var entry in reader.Read(current, reader.Position))
                    {
                        yield return entry;
                    }
                }

                if (files.OpenAfter(current) is { } next)
                {
                    // What was written between the look above and the rotation; nothing more comes.
                    foreach (var entry in current is null ? [] : reader.Read(current, reader.Position))
                    {
                        yield return entry;
                    }

                    current?.Dispose();
                    current = next;
                    foreach (var entry in reader.Read(current, 0))
                    {
                        yield return entry;
                    }
                }
                else if (ended)
                {
                    current?.Dispose();
                    yield break;
                }
                else
                {
                    poller.Wait([Poller.Entry(watch.Handle, Libc.POLLIN), Poller.Entry(monitor?.Handle, Libc.POLLIN)]);
                }
            }
        }

        public void Dispose()
        {
            monitor?.Dispose();
            poller.Dispose();
        }

        private bool Lives()
        {
            if (monitor is null)
            {
                container.Refresh();
                monitor = container.MonitorProcessId is { } id ? PidFd.TryOpen(id, container.Status.MonitorStartTime) : null;
                return monitor is not null;
            }

            using var look = new Poller(CancellationToken.None);
            return !look.WaitReadable(monitor.Handle, TimeSpan.Zero);
        }
    }
}
