using System.Diagnostics;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Processes;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>The longest pause between two looks for something that no descriptor announces.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until one of the containers (all of them, unless <paramref name="any"/>) meets the condition.</summary>
    /// <returns>Snapshots of those that met it, in the order given; for <see cref="WaitCondition.Removed"/> the last known ones, and none of what had gone before.</returns>
    /// <exception cref="CanException"><c>WaitTimeout</c>; <c>HealthCheckMissing</c>: it would never be called healthy.</exception>
    public IReadOnlyList<Container> Wait(IReadOnlyList<string> ids, WaitCondition condition, bool any, TimeSpan? timeout, CancellationToken cancellation)
    {
        RequireRoot();
        var given = ids.Distinct().ToList();
        var pending = (condition == WaitCondition.Removed ? given.Select(TryGetById).OfType<Container>() : given.Select(Look)).ToList();
        RequireHealthChecks(condition, pending);
        var met = new List<Container>();
        if (any && pending.Count < given.Count)
        {
            return met;
        }

        var started = Stopwatch.GetTimestamp();
        using var poller = new Poller(cancellation);
        var pause = TimeSpan.FromMilliseconds(1);
        while (true)
        {
            pending = pending.Where(container => !Meets(container, condition, met)).ToList();
            if (pending.Count == 0 || (any && met.Count > 0))
            {
                var position = given.Index().ToDictionary(static entry => entry.Item, static entry => entry.Index);
                return [.. met.OrderBy(container => position[container.Id])];
            }

            var left = timeout - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                throw new CanException("WaitTimeout", CanErrorCategory.OperationTimeout,
                    $"{pending.Count} of {ids.Count} containers were not {condition.ToString().ToLowerInvariant()} within {timeout!.Value.TotalSeconds:0.###} seconds: {string.Join(", ", pending.Take(5))}. Wait longer with -Timeout.", pending[0].Name);
            }

            // A monitor's end is announced by its descriptor; everything else is looked at again after a pause.
            var announced = condition == WaitCondition.Exited && pending.TrueForAll(container => container.MonitorProcessId is not null);
            PauseUntilChange(poller, pending, announced ? left : left < pause ? left : pause);
            pause = pause * 2 < LongestLook ? pause * 2 : LongestLook;
        }
    }

    private static void RequireHealthChecks(WaitCondition condition, List<Container> containers)
    {
        if (condition == WaitCondition.Healthy && containers.Find(container => container.HealthCheck is null) is { } without)
        {
            throw new CanException("HealthCheckMissing", CanErrorCategory.InvalidOperation,
                $"The container '{without.Name}' has no health check, so it would never be called healthy. Make it with one: New-CanContainer … -HealthCommand.", without.Name);
        }
    }

    /// <summary>Looks again at a container; when it meets the condition its snapshot is added.</summary>
    private static bool Meets(Container container, WaitCondition condition, List<Container> met)
    {
        try
        {
            container.Refresh();
        }
        catch (CanException gone) when (gone.ErrorId == "ContainerNotFound")
        {
            if (condition != WaitCondition.Removed)
            {
                throw;
            }

            met.Add(container);
            return true;
        }

        var meets = condition switch
        {
            WaitCondition.Running => container.State == ContainerState.Running,
            WaitCondition.Exited => container.State == ContainerState.Exited,
            WaitCondition.Healthy => container.IsHealthy,
            _ => false,
        };
        if (meets)
        {
            met.Add(container);
        }

        return meets;
    }

    private static void PauseUntilChange(Poller poller, List<Container> containers, TimeSpan? pause)
    {
        var processes = containers.Select(container => container.MonitorProcessId is { } monitor ? PidFd.TryOpen(monitor, container.Status.MonitorStartTime) : null).ToList();
        try
        {
            var gone = containers.Where((container, index) => container.MonitorProcessId is not null && processes[index] is null).Any();
            var entries = processes.Select(process => Poller.Entry(process?.Handle, Libc.POLLIN)).ToArray();
            poller.Wait(entries, gone ? TimeSpan.FromMilliseconds(1) : pause);
        }
        finally
        {
            processes.ForEach(process => process?.Dispose());
        }
    }
}
