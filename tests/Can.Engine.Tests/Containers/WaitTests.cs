using System.Diagnostics;
using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>Waiting for containers.</summary>
public sealed class WaitTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private ContainerService Containers => fixture.Containers;

    [RootFact]
    public void All_are_waited_for_unless_any_is_enough()
    {
        var (quick, other) = (fixture.Start(fixture.Script("exit 2")), fixture.StartSleeper());

        var any = Containers.Wait([other.Id, quick.Id], WaitCondition.Exited, any: true, EngineFixture.Patience, CancellationToken.None);
        Assert.Equal((quick.Id, 2), (Assert.Single(any).Id, any[0].ExitCode));

        var error = EngineFixture.Fails("WaitTimeout", () => Containers.Wait([quick.Id, other.Id], WaitCondition.Exited, any: false, TimeSpan.FromMilliseconds(50), CancellationToken.None));
        Assert.Contains(other.Name, error.Message, StringComparison.Ordinal);

        Containers.Stop(other.Id, null, force: true, CancellationToken.None);
        Assert.Equal(2, Containers.Wait([quick.Id, other.Id, quick.Id], WaitCondition.Exited, any: false, EngineFixture.Patience, CancellationToken.None).Count);
    }

    [RootFact]
    public void A_wait_ends_with_the_container()
    {
        var containers = Enumerable.Range(0, 5).Select(index => fixture.Start(fixture.Script($"sleep 0.{index}; exit {index}"))).ToList();

        var ended = Containers.Wait([.. containers.Select(container => container.Id)], WaitCondition.Exited, any: false, EngineFixture.Patience, CancellationToken.None);

        Assert.Equal([0, 1, 2, 3, 4], ended.Select(container => container.ExitCode!.Value).Order());
    }

    [RootFact]
    public async Task Running_is_met_when_somebody_starts_it()
    {
        var container = Containers.Create(fixture.Options("sleep", "1000"), start: false, CancellationToken.None);
        var waiting = Task.Run(() => fixture.Another().Containers.Wait([container.Id], WaitCondition.Running, any: false, EngineFixture.Patience, CancellationToken.None));

        Containers.Start(container.Id, CancellationToken.None);

        Assert.Equal(ContainerState.Running, Assert.Single(await waiting).State);
    }

    [RootFact]
    public async Task Removed_is_met_when_somebody_removes_it()
    {
        var container = fixture.StartSleeper();
        var waiting = Task.Run(() => fixture.Another().Containers.Wait([container.Id], WaitCondition.Removed, any: false, EngineFixture.Patience, CancellationToken.None));

        Containers.Remove(container.Id, force: true, CancellationToken.None);

        // It may have gone before the wait began.
        Assert.All(await waiting, removed => Assert.Equal(container.Id, removed.Id));
        Assert.Empty(Containers.Wait([container.Id], WaitCondition.Removed, any: true, TimeSpan.Zero, CancellationToken.None));
    }

    [RootFact]
    public void A_container_that_is_removed_never_exits() =>
        EngineFixture.Fails("ContainerNotFound", () => Containers.Wait([new string('1', 64)], WaitCondition.Exited, any: false, TimeSpan.Zero, CancellationToken.None));

    [RootFact]
    public void A_wait_can_be_cancelled()
    {
        var container = fixture.StartSleeper();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var started = Stopwatch.GetTimestamp();

        Assert.ThrowsAny<OperationCanceledException>(() => Containers.Wait([container.Id], WaitCondition.Exited, any: false, timeout: null, cancellation.Token));

        Assert.True(Stopwatch.GetElapsedTime(started) < EngineFixture.Patience);
        container.Refresh();
        Assert.Equal(ContainerState.Running, container.State);
    }
}
