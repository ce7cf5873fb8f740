using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>Restart policies, which the monitor carries out without any engine.</summary>
public sealed class RestartTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private ContainerService Containers => fixture.Containers;

    [RootTheory]
    [InlineData("on-failure:2", "exit 3", 3, 3, 2)]
    [InlineData("on-failure", "exit 0", 0, 1, 0)]
    [InlineData("no", "exit 3", 3, 1, 0)]
    public void A_policy_ends_with_the_last_exit_code(string policy, string script, int code, int runs, int restarts)
    {
        var ended = fixture.WaitExited(fixture.Start(fixture.Script($"echo run; {script}") with { RestartPolicy = RestartPolicy.Parse(policy) }));

        Assert.Equal((ContainerState.Exited, code, restarts), (ended.State, ended.ExitCode, ended.RestartCount));
        Assert.Equal(runs, fixture.Log(ended).Count);
    }

    [RootFact]
    [Trait("Category", "Cgroup2")]
    public void A_container_that_always_restarts_keeps_its_files_until_it_is_stopped()
    {
        var container = fixture.Start(fixture.Script("echo x >> /runs; wc -l < /runs; [ $(wc -l < /runs) -lt 3 ] || exec sleep 1000") with { RestartPolicy = RestartPolicy.Parse("always") });
        EngineFixture.Eventually(() => fixture.Log(container).Count == 3, "it has run three times");

        container.Refresh();
        Assert.Equal((ContainerState.Running, 2), (container.State, container.RestartCount));
        var stopped = Containers.Stop(container.Id, TimeSpan.Zero, force: false, CancellationToken.None);

        Assert.Equal((ContainerState.Exited, 137), (stopped.State, stopped.ExitCode));
        Assert.Null(stopped.MonitorProcessId);
    }

    [RootFact]
    public void Stopping_one_that_waits_to_restart_ends_it_at_once()
    {
        var container = fixture.Start(fixture.Script("exit 9") with { RestartPolicy = RestartPolicy.Parse("always") });

        // The pause doubles with every run, so it is soon found waiting.
        EngineFixture.Eventually(() => Look(container).State == ContainerState.Restarting, "it waits to restart");
        Assert.Equal(9, container.ExitCode);
        var stopped = Containers.Stop(container.Id, TimeSpan.FromHours(1), force: false, CancellationToken.None);

        Assert.Equal((ContainerState.Exited, 9), (stopped.State, stopped.ExitCode));
    }

    [RootFact]
    public void Removing_one_that_restarts_leaves_nothing()
    {
        var container = fixture.Start(fixture.Script("exit 1") with { RestartPolicy = RestartPolicy.Parse("always") });
        EngineFixture.Eventually(() => Look(container).RestartCount > 0, "it has restarted");
        EngineFixture.Fails("ContainerRunning", () => Containers.Remove(container.Id, force: false, CancellationToken.None));

        Containers.Remove(container.Id, force: true, CancellationToken.None);

        Assert.DoesNotContain(fixture.Residue(), path => path.Contains(container.Id, StringComparison.Ordinal));
    }

    [RootFact]
    public void A_stopped_container_restarts_again_once_it_is_started_again()
    {
        var container = fixture.Start(fixture.Script("exit 1") with { RestartPolicy = RestartPolicy.Parse("always") });
        Containers.Stop(container.Id, null, force: true, CancellationToken.None);

        Containers.Start(container.Id, CancellationToken.None);

        EngineFixture.Eventually(() => Look(container).RestartCount > 0, "it restarts");
        Containers.Stop(container.Id, null, force: true, CancellationToken.None);
    }

    [RootFact]
    public void A_changed_policy_holds_at_once()
    {
        var container = fixture.Start(fixture.Script("exit 1") with { RestartPolicy = RestartPolicy.Parse("always") });

        Containers.Update(container.Id, limits: null, RestartPolicy.No);

        Assert.Equal(1, fixture.WaitExited(container).ExitCode);
        Assert.Equal(RestartPolicy.No, Containers.GetById(container.Id).RestartPolicy);
    }

    private static Container Look(Container container)
    {
        container.Refresh();
        return container;
    }
}
