using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Can.Engine.Containers.Options;
using Can.Engine.Starting;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>How many containers are stopped side by side; each takes a thread that does nothing but wait.</summary>
    private const int StopsAtOnce = 64;

    /// <summary>
    /// Starts the containers that belong to a running machine (<see cref="Container.StartsAtBoot"/>), oldest first, those that share
    /// another one's network after it. A container that runs is left alone, so this may be called at any time.
    /// </summary>
    /// <param name="onError">Told of each container that cannot be read or started; the others are started all the same.</param>
    /// <param name="cancellation">Ends it between two containers, or the start at hand.</param>
    /// <returns>Those that were started.</returns>
    public IReadOnlyList<Container> StartForBoot(Action<CanException> onError, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(onError);
        var started = new List<Container>();
        foreach (var container in List(onError).Where(static one => one.StartsAtBoot && one.State == ContainerState.Exited).OrderBy(SharesNetwork))
        {
            try
            {
                started.Add(Start(container.Id, cancellation));
            }
            catch (CanException error)
            {
                onError(Of(container, error));
            }
        }

        return started;
    }

    /// <summary>
    /// Stops every container because the machine ends, those that share another one's network before it. This is nobody's wish, so
    /// <see cref="StartForBoot"/> starts again those of policy <see cref="RestartCondition.UnlessStopped"/> too.
    /// </summary>
    /// <param name="onError">Told of each container that cannot be read or stopped; called on one thread at a time.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Those that were stopped.</returns>
    public IReadOnlyList<Container> StopForShutdown(Action<CanException> onError, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(onError);
        var stopped = new ConcurrentQueue<Container>();
        var live = List(onError).Where(static one => one.State is not (ContainerState.Created or ContainerState.Exited));
        foreach (var group in live.GroupBy(SharesNetwork).OrderByDescending(static group => group.Key))
        {
            SideBySide(group, container =>
            {
                try
                {
                    stopped.Enqueue(StopForShutdown(container.Id, cancellation));
                }
                catch (CanException error)
                {
                    lock (stopped)
                    {
                        onError(Of(container, error));
                    }
                }
            });
        }

        return [.. stopped];
    }

    private Container StopForShutdown(string id, CancellationToken cancellation)
    {
        using var held = Lock(id, out var definition, cancellation);
        StopLocked(definition, timeout: null, force: false, cancellation, StopReason.MachineEnds);
        return Snapshot(definition);
    }

    /// <summary>On threads of its own: a stop waits, for ten seconds and more, and the pool is not for that.</summary>
    private static void SideBySide(IEnumerable<Container> containers, Action<Container> action)
    {
        var queue = new ConcurrentQueue<Container>(containers);
        ExceptionDispatchInfo? failure = null;
        var threads = Enumerable.Range(0, Math.Min(StopsAtOnce, queue.Count)).Select(_ => new Thread(Work) { IsBackground = true }).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        failure?.Throw();

        void Work()
        {
            try
            {
                while (failure is null && queue.TryDequeue(out var container))
                {
                    action(container);
                }
            }
            catch (Exception error)
            {
                failure ??= ExceptionDispatchInfo.Capture(error);
            }
        }
    }

    private static bool SharesNetwork(Container container) => NetworkMode.SharedWith(container.Definition.Network) is not null;

    /// <summary>An error of one container among many, which says whose it is.</summary>
    private static CanException Of(Container container, CanException error) => error.Message.Contains($"'{container.Name}'", StringComparison.Ordinal)
        ? error
        : new(error.ErrorId, error.Category, $"'{container.Name}': {error.Message}", container.Name, error);
}
