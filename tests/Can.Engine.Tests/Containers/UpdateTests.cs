using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>Limits that change while a container lives, measured from inside.</summary>
public sealed class UpdateTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private ContainerService Containers => fixture.Containers;

    [RootFact]
    [Trait("Category", "Cgroup2")]
    public void A_limit_of_processes_holds_at_once_and_after_a_restart()
    {
        var container = fixture.StartSleeper();
        Assert.Equal(0, fixture.Exec(container, "for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & done; wait").ExitCode);

        var changed = Containers.Update(container.Id, new ResourceLimits { PidsLimit = 6 }, restartPolicy: null);

        Assert.Equal(6, changed.Limits.PidsLimit);
        Assert.Contains("fork", string.Join('\n', fixture.Exec(container, "for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & done").StandardError), StringComparison.Ordinal);
        Containers.Restart(container.Id, null, CancellationToken.None);
        Assert.Contains("fork", string.Join('\n', fixture.Exec(container, "for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & done").StandardError), StringComparison.Ordinal);
    }

    [RootFact]
    public void A_limit_of_a_container_that_does_not_run_holds_when_it_starts()
    {
        var container = Containers.Create(fixture.Script("exec tail /dev/zero"), start: false, CancellationToken.None);

        Containers.Update(container.Id, new ResourceLimits { MemoryBytes = 16 << 20, MemorySwapBytes = 16 << 20 }, restartPolicy: null);
        Containers.Start(container.Id, CancellationToken.None);

        Assert.True(fixture.WaitExited(container).OomKilled);
    }

    [RootFact]
    public void A_bad_limit_changes_nothing()
    {
        var container = fixture.StartSleeper();
        Containers.Update(container.Id, new ResourceLimits { PidsLimit = 50 }, restartPolicy: null);

        Assert.Throws<CanException>(() => Containers.Update(container.Id, new ResourceLimits { MemoryBytes = 1 }, RestartPolicy.Parse("always")));

        container.Refresh();
        Assert.Equal((50, null, RestartPolicy.No), (container.Limits.PidsLimit, container.Limits.MemoryBytes, container.RestartPolicy));
        Assert.Equal(ContainerState.Running, container.State);
    }
}
