using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>From creation to removal on the real kernel.</summary>
public sealed class LifeCycleTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private ContainerService Containers => fixture.Containers;

    [RootFact]
    [Trait("Category", "Cgroup2")]
    public void A_container_runs_and_its_whole_life_is_recorded()
    {
        var before = DateTimeOffset.Now;
        var container = fixture.StartSleeper();

        Assert.Equal(ContainerState.Running, container.State);
        Assert.Null(container.ExitCode);
        Assert.Null(container.FinishedAt);
        Assert.InRange(container.StartedAt!.Value, before.AddSeconds(-1), DateTimeOffset.Now.AddSeconds(1));
        Assert.True(Directory.Exists($"/proc/{container.ProcessId}"));
        Assert.NotEqual(File.ReadAllText($"/proc/{container.ProcessId}/cgroup"), File.ReadAllText("/proc/self/cgroup"));

        var stopped = Containers.Stop(container.Id, timeout: null, force: false, CancellationToken.None);

        Assert.Equal(ContainerState.Exited, stopped.State);
        Assert.Equal(0, stopped.ExitCode);
        Assert.Null(stopped.ProcessId);
        Assert.Null(stopped.MonitorProcessId);
        Assert.True(stopped.FinishedAt >= stopped.StartedAt);
        Assert.Equal(container.StartedAt, stopped.StartedAt);

        Containers.Remove(container.Id, force: false, CancellationToken.None);
        Assert.Null(Containers.TryGetByName(container.Name));
        Assert.DoesNotContain(fixture.Residue(), path => path.Contains(container.Id, StringComparison.Ordinal) || path.EndsWith($"/{container.Name}", StringComparison.Ordinal));
    }

    [RootTheory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("exit 255", 255)]
    [InlineData("sleep 1000 & kill -9 $!; wait $!", 137)]
    public void Exit_code_is_the_program_s(string script, int code)
    {
        var ended = fixture.RunToEnd(script);

        Assert.Equal((ContainerState.Exited, code, false), (ended.State, ended.ExitCode, ended.OomKilled));
    }

    [RootFact]
    public void A_signal_that_ends_it_is_reported_as_128_and_its_number()
    {
        var container = fixture.Start(fixture.Options("sleep", "1000"));

        Containers.Signal(container.Id, "KILL");

        Assert.Equal(137, fixture.WaitExited(container).ExitCode);
    }

    [RootFact]
    public void A_signal_reaches_the_program()
    {
        var container = fixture.Start(fixture.Script("trap 'echo got it; exit 3' USR1; echo ready; while :; do sleep 0.05; done"));
        EngineFixture.Eventually(() => fixture.Log(container).Contains("ready"), "the trap is set");

        Containers.Signal(container.Id, "SIGUSR1");

        Assert.Equal(3, fixture.WaitExited(container).ExitCode);
        Assert.Contains("got it", fixture.Log(container));
        EngineFixture.Fails("ContainerNotRunning", () => Containers.Signal(container.Id, "TERM"));
    }

    [RootFact]
    [Trait("Category", "Cgroup2")]
    public void Out_of_memory_is_seen()
    {
        var limits = new ResourceLimits { MemoryBytes = 16 << 20, MemorySwapBytes = 16 << 20 };

        var ended = fixture.WaitExited(fixture.Start(fixture.Script("exec tail /dev/zero") with { Limits = limits }));

        Assert.Equal((137, true), (ended.ExitCode, ended.OomKilled));
    }

    [RootFact]
    public void A_container_that_was_not_started_is_created_and_can_be_started_later()
    {
        var container = Containers.Create(fixture.Script("echo ran"), start: false, CancellationToken.None);
        Assert.Equal((ContainerState.Created, null, null), (container.State, container.ExitCode, container.StartedAt));
        Assert.Empty(fixture.Log(container));

        Containers.Start(container.Id, CancellationToken.None);

        Assert.Equal(0, fixture.WaitExited(container).ExitCode);
        Assert.Equal(["ran"], fixture.Log(container));
    }

    [RootFact]
    public void Starting_a_running_container_leaves_it_alone()
    {
        var container = fixture.StartSleeper();

        var again = Containers.Start(container.Id, CancellationToken.None);

        Assert.Equal((container.ProcessId, container.StartedAt), (again.ProcessId, again.StartedAt));
    }

    [RootFact]
    [Trait("Category", "Cgroup2")]
    public void An_ended_container_starts_again_with_its_files_and_its_log()
    {
        var container = fixture.Start(fixture.Script("echo x >> /runs; wc -l < /runs"));
        fixture.WaitExited(container);

        for (var run = 2; run <= 4; run++)
        {
            Containers.Start(container.Id, CancellationToken.None);
            fixture.WaitExited(container);
        }

        Assert.Equal(["1", "2", "3", "4"], fixture.Log(container));
    }

    [RootFact]
    public void Restart_gives_a_new_process()
    {
        var container = fixture.StartSleeper();

        var again = Containers.Restart(container.Id, timeout: null, CancellationToken.None);

        Assert.Equal(ContainerState.Running, again.State);
        Assert.NotEqual(container.ProcessId, again.ProcessId);
        Assert.False(Directory.Exists($"/proc/{container.ProcessId}/ns"));
    }

    [RootFact]
    public void A_command_that_is_not_in_the_image_leaves_nothing()
    {
        var options = fixture.Options("/no/such/command");

        EngineFixture.Fails("CommandNotFound", () => fixture.Start(options));

        Assert.Null(Containers.TryGetByName(options.Name!));
        Assert.DoesNotContain(fixture.Residue(), path => path.EndsWith($"/{options.Name}", StringComparison.Ordinal));
    }

    [RootFact]
    public void A_failed_start_of_an_existing_container_leaves_it_startable()
    {
        var container = Containers.Create(fixture.Options("/late"), start: false, CancellationToken.None);
        EngineFixture.Fails("CommandNotFound", () => Containers.Start(container.Id, CancellationToken.None));
        container.Refresh();
        Assert.Equal(ContainerState.Created, container.State);

        File.WriteAllText($"{fixture.Root.ContainerState(container.Id)}/upper/late", "#!/bin/sh\necho late\n");
        File.SetUnixFileMode($"{fixture.Root.ContainerState(container.Id)}/upper/late", (UnixFileMode)0x1ED /* 0755 */);
        Containers.Start(container.Id, CancellationToken.None);

        Assert.Equal(0, fixture.WaitExited(container).ExitCode);
        Assert.Equal(["late"], fixture.Log(container));
    }

    [RootFact]
    public void An_unknown_image_leaves_nothing()
    {
        var options = fixture.Options("true") with { Image = "no-such-image" };

        EngineFixture.Fails("ImageNotFound", () => fixture.Start(options));

        Assert.Null(Containers.TryGetByName(options.Name!));
    }

    [RootFact]
    public void A_running_container_is_removed_only_by_force()
    {
        var container = fixture.StartSleeper();
        EngineFixture.Fails("ContainerRunning", () => Containers.Remove(container.Id, force: false, CancellationToken.None));
        container.Refresh();
        Assert.Equal(ContainerState.Running, container.State);

        Containers.Remove(container.Id, force: true, CancellationToken.None);

        Assert.False(Directory.Exists($"/proc/{container.ProcessId}/ns"));
        EngineFixture.Fails("ContainerNotFound", container.Refresh);
        EngineFixture.Fails("ContainerNotFound", () => Containers.Start(container.Id, CancellationToken.None));
        EngineFixture.Fails("ContainerNotFound", () => Containers.Remove(container.Id, force: true, CancellationToken.None));
        Assert.False(Directory.Exists(fixture.Root.ContainerRun(container.Id)));
    }
}
