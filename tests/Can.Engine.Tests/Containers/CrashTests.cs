using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Processes;

namespace Can.Engine.Tests.Containers;

/// <summary>What killed processes, a reboot or a damaged disk leave, and what the next operation makes of it.</summary>
public sealed class CrashTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private ContainerService Containers => fixture.Containers;

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Category", "Cgroup2")]
    public void A_killed_monitor_takes_its_container_along(bool suspended)
    {
        var container = fixture.StartSleeper();
        if (suspended)
        {
            Containers.Suspend(container.Id, CancellationToken.None);
        }

        KillMonitor(container);
        var listed = fixture.Another().Containers.List().Single(other => other.Id == container.Id);

        Assert.Equal((ContainerState.Exited, 137), (listed.State, listed.ExitCode));
        EngineFixture.Eventually(() => !Directory.Exists($"/proc/{container.ProcessId}/ns"), "the container's process has gone");
        Assert.False(HostFacts.Current.Cgroups.Processes(fixture.Root, container.Id).Any());
        Assert.DoesNotContain(fixture.Residue(), path => path.StartsWith("/sys/", StringComparison.Ordinal) && path.Contains(container.Id, StringComparison.Ordinal));
        Assert.NotNull(fixture.Another().Containers.GetById(container.Id).FinishedAt);

        Assert.Equal(ContainerState.Running, Containers.Start(container.Id, CancellationToken.None).State);
        Containers.Remove(container.Id, force: true, CancellationToken.None);
    }

    [RootFact]
    public void A_container_whose_monitor_was_killed_is_removed_without_force()
    {
        var container = fixture.StartSleeper();
        KillMonitor(container);

        Containers.Remove(container.Id, force: false, CancellationToken.None);

        Assert.DoesNotContain(fixture.Residue(), path => path.Contains(container.Id, StringComparison.Ordinal));
    }

    [RootFact]
    public void A_wait_and_a_follower_hear_of_a_killed_monitor()
    {
        var container = fixture.Start(fixture.Script("echo one; exec sleep 1000"));
        var lines = new List<string>();
        foreach (var entry in Containers.ReadLog(container.Id, new LogOptions { Follow = true }, CancellationToken.None))
        {
            lines.Add(entry.Message);
            KillMonitor(container);
        }

        Assert.Equal(["one"], lines);
        Assert.Equal(137, fixture.WaitExited(container).ExitCode);
    }

    [RootFact]
    public void After_a_reboot_nothing_runs()
    {
        using var own = new EngineFixture();
        var (running, created, ended) = (own.StartSleeper(), own.Containers.Create(own.Script("true"), start: false, CancellationToken.None), own.RunToEnd("exit 3"));
        KillMonitor(running);
        var runDirectory = own.Root.Run;
        File.WriteAllText($"{runDirectory}/boot-id", "00000000-0000-0000-0000-000000000000\n");

        // Another process would be the first to look; this one has looked before the reboot.
        Directory.Delete($"{runDirectory}/root");
        var after = own.WaitExited(own.Another().Containers.Start(created.Id, CancellationToken.None));
        var all = own.Another().Containers.List();

        Assert.Equal(0, after.ExitCode);
        Assert.All(all, container => Assert.Null(container.ProcessId));
        Assert.Equal(3, all.Single(container => container.Id == ended.Id).ExitCode);
        Assert.Equal((ContainerState.Exited, 137), State(all, running));
        Assert.NotEqual("00000000-0000-0000-0000-000000000000\n", File.ReadAllText($"{runDirectory}/boot-id"));
    }

    [RootFact]
    public void A_lost_run_directory_is_a_reboot_too()
    {
        using var own = new EngineFixture();
        var (running, ended) = (own.StartSleeper(), own.RunToEnd("exit 3"));
        KillMonitor(running);
        HostFacts.Current.Cgroups.Sweep(own.Root, running.Id);
        Directory.Delete(own.Root.Run, recursive: true);

        var all = own.Another().Containers.List();

        Assert.Equal((ContainerState.Exited, 137), State(all, running));
        Assert.Equal((ContainerState.Exited, 3), State(all, ended));
        Assert.Equal(ContainerState.Running, own.Another().Containers.Start(running.Id, CancellationToken.None).State);
        own.Containers.Stop(running.Id, null, force: true, CancellationToken.None);
    }

    [RootTheory]
    [InlineData("")]
    [InlineData("{\"Id\":")]
    [InlineData("null")]
    [InlineData("{}")]
    public void A_damaged_definition_does_not_hide_the_others(string text)
    {
        using var own = new EngineFixture();
        var (good, bad) = (own.StartSleeper(), own.RunToEnd("true"));
        File.WriteAllText($"{own.Root.ContainerState(bad.Id)}/container.json", text);
        var errors = new List<CanException>();
        var containers = own.Another().Containers;

        Assert.Equal(good.Id, Assert.Single(containers.List(errors.Add)).Id);
        Assert.Equal(good.Id, Assert.Single(containers.List()).Id);

        Assert.Equal("StoreCorrupt", Assert.Single(errors).ErrorId);
        EngineFixture.Fails("StoreCorrupt", () => containers.GetById(bad.Id));
        EngineFixture.Fails("StoreCorrupt", () => containers.TryGetByName(bad.Name));
        EngineFixture.Fails("StoreCorrupt", () => containers.Start(bad.Id, CancellationToken.None));
        Assert.Equal(good.Id, containers.TryGetByName(good.Name)!.Id);
        Assert.Equal(ContainerState.Exited, containers.Stop(good.Id, null, force: false, CancellationToken.None).State);

        // The remedy that the error names.
        Directory.Delete(own.Root.ContainerState(bad.Id), recursive: true);
        Assert.Single(containers.List());
        Assert.Null(containers.TryGetByName(bad.Name));
        Assert.DoesNotContain(own.Residue(), path => path.Contains(bad.Id, StringComparison.Ordinal) || path.EndsWith($"/{bad.Name}", StringComparison.Ordinal));
    }

    [RootTheory]
    [InlineData(0)]
    [InlineData(1018)]
    public void A_creation_that_a_loss_of_power_cut_short_leaves_no_container(int zeros)
    {
        using var own = new EngineFixture();
        var cut = own.Containers.Create(own.Script("true"), start: false, CancellationToken.None);
        File.WriteAllBytes($"{own.Root.ContainerState(cut.Id)}/container.json", new byte[zeros]);
        Directory.Delete(own.Root.Run, recursive: true);
        var errors = new List<CanException>();
        var containers = own.Another().Containers;

        Assert.Null(containers.TryGetByName(cut.Name));
        EngineFixture.Fails("ContainerNotFound", () => containers.GetById(cut.Id));
        Assert.Empty(containers.List(errors.Add));

        Assert.Empty(errors);
        Assert.Empty(own.Residue());
    }

    [RootFact]
    public void The_name_of_a_creation_that_a_loss_of_power_cut_short_is_free()
    {
        using var own = new EngineFixture();
        var cut = own.Containers.Create(own.Script("true"), start: false, CancellationToken.None);
        File.WriteAllText($"{own.Root.ContainerState(cut.Id)}/container.json", "");

        var next = own.Another().Containers.Create(own.Options("true") with { Name = cut.Name }, start: false, CancellationToken.None);

        Assert.Equal(next.Id, Assert.Single(own.Another().Containers.List()).Id);
        Assert.DoesNotContain(own.Residue(), path => path.Contains(cut.Id, StringComparison.Ordinal));
    }

    [RootFact]
    public void A_damaged_status_is_none()
    {
        var container = fixture.StartSleeper();
        KillMonitor(container);
        File.WriteAllText($"{fixture.Root.ContainerRun(container.Id)}/status", "vers");

        Assert.Contains(fixture.Another().Containers.List(), other => other.Id == container.Id && other.ProcessId is null);
        Containers.Remove(container.Id, force: false, CancellationToken.None);
        Assert.DoesNotContain(fixture.Residue(), path => path.Contains(container.Id, StringComparison.Ordinal));
    }

    private static (ContainerState State, int? ExitCode) State(IEnumerable<Container> all, Container container)
    {
        var found = all.Single(other => other.Id == container.Id);
        return (found.State, found.ExitCode);
    }

    private static void KillMonitor(Container container)
    {
        using var monitor = PidFd.TryOpen(container.MonitorProcessId!.Value, container.Status.MonitorStartTime);
        monitor?.Signal(9);
        using var poller = new Poller(CancellationToken.None);
        Assert.True(monitor is null || poller.WaitReadable(monitor.Handle, EngineFixture.Patience));
    }
}
