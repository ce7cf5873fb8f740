using System.Diagnostics;
using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>Stop, suspend and resume.</summary>
public sealed class StopTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private ContainerService Containers => fixture.Containers;

    [RootFact]
    public void A_program_that_ignores_the_stop_signal_is_killed_after_the_timeout()
    {
        var container = fixture.Start(fixture.Options("sleep", "1000"));
        var timeout = TimeSpan.FromMilliseconds(300);
        var started = Stopwatch.GetTimestamp();

        var stopped = Containers.Stop(container.Id, timeout, force: false, CancellationToken.None);

        Assert.True(Stopwatch.GetElapsedTime(started) >= timeout);
        Assert.Equal((ContainerState.Exited, 137), (stopped.State, stopped.ExitCode));
    }

    [RootFact]
    public void Force_does_not_ask()
    {
        var container = fixture.Start(fixture.Script("trap 'echo asked' TERM; echo ready; while :; do sleep 0.05; done"));
        EngineFixture.Eventually(() => fixture.Log(container).Contains("ready"), "the trap is set");

        var stopped = Containers.Stop(container.Id, timeout: null, force: true, CancellationToken.None);

        Assert.Equal(137, stopped.ExitCode);
        Assert.DoesNotContain("asked", fixture.Log(container));
    }

    [RootFact]
    public void The_container_s_own_stop_signal_is_sent()
    {
        var container = fixture.Start(fixture.Script("trap 'exit 5' INT; echo ready; while :; do sleep 0.05; done") with { StopSignal = "SIGINT" });
        EngineFixture.Eventually(() => fixture.Log(container).Contains("ready"), "the trap is set");

        Assert.Equal(5, Containers.Stop(container.Id, timeout: null, force: false, CancellationToken.None).ExitCode);
    }

    [RootFact]
    public void Stopping_what_does_not_run_changes_nothing()
    {
        var created = Containers.Create(fixture.Options("true"), start: false, CancellationToken.None);
        Assert.Equal(ContainerState.Created, Containers.Stop(created.Id, null, force: false, CancellationToken.None).State);

        var ended = fixture.RunToEnd("exit 4");
        var stopped = Containers.Stop(ended.Id, null, force: true, CancellationToken.None);
        Assert.Equal((4, ended.FinishedAt), (stopped.ExitCode, stopped.FinishedAt));
    }

    [RootFact]
    public void A_cancelled_stop_leaves_the_container_and_the_next_one_ends_it()
    {
        var container = fixture.Start(fixture.Options("sleep", "1000"));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        Assert.ThrowsAny<OperationCanceledException>(() => Containers.Stop(container.Id, TimeSpan.FromHours(1), force: false, cancellation.Token));
        container.Refresh();
        Assert.Equal(ContainerState.Running, container.State);

        Assert.Equal(ContainerState.Exited, Containers.Stop(container.Id, TimeSpan.Zero, force: false, CancellationToken.None).State);
    }

    [RootFact]
    public void A_suspended_container_is_stopped()
    {
        var gentle = fixture.StartSleeper();
        Containers.Suspend(gentle.Id, CancellationToken.None);
        Assert.Equal(0, Containers.Stop(gentle.Id, null, force: false, CancellationToken.None).ExitCode);

        var forced = fixture.StartSleeper();
        Containers.Suspend(forced.Id, CancellationToken.None);
        Assert.Equal(137, Containers.Stop(forced.Id, null, force: true, CancellationToken.None).ExitCode);

        var removed = fixture.StartSleeper();
        Containers.Suspend(removed.Id, CancellationToken.None);
        Containers.Remove(removed.Id, force: true, CancellationToken.None);
        Assert.False(Directory.Exists($"/proc/{removed.ProcessId}/ns"));
    }

    [RootFact]
    [Trait("Category", "Cgroup2")]
    public void Suspended_processes_stand_still_until_they_are_resumed()
    {
        var container = fixture.Start(fixture.Script("while :; do echo tick; sleep 0.01; done"));
        EngineFixture.Eventually(() => fixture.Log(container).Count > 0, "it ticks");

        Assert.Equal(ContainerState.Suspended, Containers.Suspend(container.Id, CancellationToken.None).State);
        Assert.Equal(ContainerState.Suspended, Containers.Suspend(container.Id, CancellationToken.None).State);
        var ticks = fixture.Log(container).Count;
        Thread.Sleep(200);

        // What was in the pipe when it was frozen may still arrive: one line of each of its processes at most.
        Assert.InRange(fixture.Log(container).Count, ticks, ticks + 2);
        Assert.Equal(ContainerState.Running, Containers.Resume(container.Id, CancellationToken.None).State);
        EngineFixture.Eventually(() => fixture.Log(container).Count > ticks + 2, "it ticks again");
        Containers.Remove(container.Id, force: true, CancellationToken.None);
    }

    [RootFact]
    public void Only_what_runs_is_suspended_or_resumed()
    {
        var ended = fixture.RunToEnd("true");

        EngineFixture.Fails("ContainerNotRunning", () => Containers.Suspend(ended.Id, CancellationToken.None));
        EngineFixture.Fails("ContainerNotRunning", () => Containers.Resume(ended.Id, CancellationToken.None));
    }
}
