using System.Text;
using Can.Engine.Containers;
using Can.Engine.Images;
using Can.Engine.Kernel;

namespace Can.Engine.Tests.Containers;

/// <summary>Probes on the real kernel: the monitor runs them, no engine is needed.</summary>
public sealed class HealthTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private ContainerService Containers => fixture.Containers;

    [RootFact]
    [Trait("Category", "Cgroup2")]
    public void A_container_becomes_unhealthy_and_recovers()
    {
        var container = Start("cat /state; test -e /good");

        var unhealthy = Await(container, health => health.Status == HealthStatus.Unhealthy);

        Assert.True(unhealthy.FailingStreak >= 2);
        Assert.Equal(1, unhealthy.LastExitCode);
        Assert.Contains("No such file", unhealthy.Output, StringComparison.Ordinal);

        fixture.Exec(container, "echo fine > /state; touch /good");
        var healthy = Await(container, health => health.Status == HealthStatus.Healthy);

        Assert.Equal((0, 0, "fine\n"), (healthy.FailingStreak, healthy.LastExitCode, healthy.Output));
        Assert.InRange(healthy.LastCheckedAt!.Value, container.StartedAt!.Value, DateTimeOffset.Now.AddSeconds(1));
        Containers.Stop(container.Id, null, force: true, CancellationToken.None);
        Assert.Equal(HealthStatus.Healthy, Look(container).Health!.Status);
    }

    [RootFact]
    public void A_container_without_one_has_no_health()
    {
        var container = fixture.StartSleeper();

        Assert.Null(container.Health);
        Assert.Null(container.HealthCheck);
        EngineFixture.Fails("HealthCheckMissing", () => Containers.Wait([container.Id], WaitCondition.Healthy, any: false, EngineFixture.Patience, CancellationToken.None));
    }

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Before_the_first_probe_nothing_is_known(bool started)
    {
        var check = HealthCheck.Shell("true") with { Interval = TimeSpan.FromHours(1) };
        var container = Containers.Create(fixture.Options("sleep", "1000") with { HealthCheck = check }, started, CancellationToken.None);

        Assert.Equal((HealthStatus.Starting, 0, null), (container.Health!.Status, container.Health.FailingStreak, container.Health.LastCheckedAt));
        Assert.Equal(HealthCheck.DefaultTimeout, container.HealthCheck!.Timeout);
    }

    [RootFact]
    public void Waiting_for_health()
    {
        var container = Start("test -e /good");
        EngineFixture.Fails("WaitTimeout", () => Containers.Wait([container.Id], WaitCondition.Healthy, any: false, TimeSpan.FromMilliseconds(50), CancellationToken.None));
        fixture.Exec(container, "touch /good");

        var healthy = Assert.Single(Containers.Wait([container.Id], WaitCondition.Healthy, any: false, EngineFixture.Patience, CancellationToken.None));

        Assert.Equal(HealthStatus.Healthy, healthy.Health!.Status);
    }

    [RootFact]
    public void A_probe_is_a_process_like_the_container_s_own()
    {
        var options = fixture.Options("sleep", "1000") with
        {
            User = "nobody",
            WorkingDirectory = "/tmp",
            Environment = new Dictionary<string, string> { ["A"] = "b" },
            Init = true,
            HealthCheck = Check("id -u; pwd; echo $A; readlink /proc/self/ns/pid; grep CapEff /proc/self/status; hostname"),
        };

        var container = fixture.Start(options);
        var health = Await(container, health => health.LastExitCode is not null);

        Assert.Equal(
            ["65534", "/tmp", "b", File.ResolveLinkTarget($"/proc/{container.ProcessId}/ns/pid", false)!.Name, "CapEff:\t0000000000000000", container.Hostname],
            health.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [RootFact]
    [Trait("Category", "Cgroup2")]
    public void A_probe_that_takes_too_long_is_killed_with_all_that_it_started()
    {
        // Only the first one hangs, so that afterwards every such process is one that was left.
        var container = Start(
            "test -e /hung && exit 1; touch /hung; sleep 98765 & (sleep 98765 & sleep 98765) & sleep 98765",
            check => check with { Timeout = TimeSpan.FromMilliseconds(300), Retries = 1 });

        Await(container, health => health.LastExitCode == -1);
        Await(container, health => health.LastExitCode == 1);

        Assert.DoesNotContain(CommandLines(container), line => line.Contains("98765", StringComparison.Ordinal));
    }

    [RootFact]
    public void A_program_that_is_not_there_is_a_failure_that_says_so()
    {
        var container = fixture.Start(fixture.Options("sleep", "1000") with { HealthCheck = HealthCheck.Command("/no/such/program") with { Interval = Interval } });

        var health = Await(container, health => health.Status == HealthStatus.Unhealthy);

        Assert.Equal(127, health.LastExitCode);
        Assert.Contains("/no/such/program: No such file or directory", health.Output, StringComparison.Ordinal);
    }

    [RootFact]
    public void Failures_do_not_count_while_it_starts()
    {
        var container = Start("echo >> /probes; test -e /good", check => check with { StartPeriod = TimeSpan.FromHours(1), StartInterval = Interval });

        EngineFixture.Eventually(() => fixture.Exec(container, "wc -l < /probes").StandardOutput is [var count] && int.Parse(count, null) > 4, "it was probed");
        Assert.Equal((HealthStatus.Starting, 0, 1), (Look(container).Health!.Status, container.Health!.FailingStreak, container.Health.LastExitCode));

        fixture.Exec(container, "touch /good");
        Await(container, health => health.Status == HealthStatus.Healthy);
        fixture.Exec(container, "rm /good");
        Await(container, health => health.Status == HealthStatus.Unhealthy);
    }

    [RootFact]
    [Trait("Category", "Cgroup2")]
    public void A_suspended_container_is_not_probed()
    {
        var container = Start("true");
        Await(container, health => health.Status == HealthStatus.Healthy);
        Containers.Suspend(container.Id, CancellationToken.None);

        // The result of a probe that ended before the suspension may still be on its way.
        DateTimeOffset? last = null;
        EngineFixture.Eventually(() => last == (last = AfterSomeProbes(container)), "it is not probed any more");
        Assert.Equal(last, AfterSomeProbes(container));
        Assert.Equal((ContainerState.Suspended, HealthStatus.Healthy), (container.State, container.Health!.Status));

        Containers.Resume(container.Id, CancellationToken.None);
        Await(container, health => health.LastCheckedAt > last);
    }

    [RootFact]
    [Trait("Category", "Cgroup2")]
    public void A_suspension_cancels_the_probe_that_is_under_way()
    {
        if (!HostFacts.Current.Cgroups.HasV2)
        {
            return; // v1 does not tell of a suspension, so the watcher looks when the probe's time is over
        }

        var container = Start("test -e /probing && exit 0; touch /probing; exec sleep 98767", check => check with { Timeout = TimeSpan.FromHours(1) });
        EngineFixture.Eventually(() => CommandLines(container).Any(IsProbe), "it is probed");

        Containers.Suspend(container.Id, CancellationToken.None);
        EngineFixture.Eventually(() => !CommandLines(container).Any(IsProbe), "the probe is cancelled");
        Assert.Null(Look(container).Health!.LastExitCode);
        Containers.Resume(container.Id, CancellationToken.None);

        Assert.Equal(0, Await(container, health => health.LastExitCode is not null).LastExitCode);

        static bool IsProbe(string line) => line.Contains("98767", StringComparison.Ordinal) && line.StartsWith("sleep", StringComparison.Ordinal);
    }

    [RootFact]
    public void A_restart_begins_anew_and_changed_limits_do_not_end_the_checks()
    {
        var container = fixture.Start(fixture.Script("if [ -e /first ]; then touch /second; fi; touch /first; exec sleep 1000") with
        {
            RestartPolicy = RestartPolicy.Parse("always"),
            HealthCheck = Check("test ! -e /second"),
        });
        Await(container, health => health.Status == HealthStatus.Healthy);
        Containers.Update(container.Id, new ResourceLimits { PidsLimit = 100 }, restartPolicy: null);

        Containers.Signal(container.Id, "KILL");

        Await(container, health => health.Status == HealthStatus.Unhealthy);
        Assert.Equal(1, container.RestartCount);
        Containers.Restart(container.Id, TimeSpan.Zero, CancellationToken.None);
        Assert.NotEqual(HealthStatus.Healthy, Look(container).Health!.Status);
        Containers.Stop(container.Id, null, force: true, CancellationToken.None);
    }

    [RootFact]
    public void A_killed_monitor_takes_the_probe_along_and_the_last_result_stays()
    {
        var container = Start("test -e /probed || { touch /probed; exit 0; }; touch /probing; sleep 98766", check => check with { Timeout = TimeSpan.FromHours(1) });
        EngineFixture.Eventually(() => fixture.Exec(container, "test -e /probing").ExitCode == 0, "the second probe is under way");
        Assert.Equal(HealthStatus.Healthy, Look(container).Health!.Status);

        using (var monitor = Can.Engine.Kernel.Processes.PidFd.TryOpen(container.MonitorProcessId!.Value, container.Status.MonitorStartTime)!)
        {
            monitor.Signal(9);
        }

        EngineFixture.Eventually(() => Look(container).State == ContainerState.Exited, "it has ended");
        Assert.Equal((137, HealthStatus.Healthy), (container.ExitCode, container.Health!.Status));
        EngineFixture.Eventually(() => !CommandLines(container).Any(), "all its processes have ended");
    }

    [RootFact]
    public void An_image_s_health_check_holds_unless_it_is_switched_off()
    {
        var configuration = new ImageConfiguration { Command = ["sleep", "1000"], HealthCheck = Check("echo image") };
        BusyboxRoot.Make(fixture.PathOf("checked"));
        fixture.Engine.Images.Import(fixture.PathOf("checked"), "checked:latest", configuration, null, CancellationToken.None);

        var container = fixture.Start(fixture.Options() with { Image = "checked:latest" });
        var without = fixture.Start(fixture.Options() with { Image = "checked:latest", HealthCheck = HealthCheck.None });

        Assert.Equal("image\n", Await(container, health => health.Status == HealthStatus.Healthy).Output);
        Assert.Null(without.Health);
    }

    private static HealthCheck Check(string script) => HealthCheck.Shell(script) with { Interval = Interval, Retries = 2 };

    private Container Start(string probe, Func<HealthCheck, HealthCheck>? change = null) =>
        fixture.Start(fixture.Options("sleep", "1000") with { HealthCheck = (change ?? (check => check))(Check(probe)) });

    private static Container Look(Container container)
    {
        container.Refresh();
        return container;
    }

    private static ContainerHealth Await(Container container, Func<ContainerHealth, bool> condition)
    {
        EngineFixture.Eventually(() => condition(Look(container).Health!), "the health that is awaited");
        return container.Health!;
    }

    private static DateTimeOffset? AfterSomeProbes(Container container)
    {
        Thread.Sleep(10 * Interval);
        return Look(container).Health!.LastCheckedAt;
    }

    private IEnumerable<string> CommandLines(Container container) =>
        HostFacts.Current.Cgroups.Processes(fixture.Root, container.Id).Select(CommandLine).Where(line => line.Length > 0);

    private static string CommandLine(int process)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process}/cmdline"));
        }
        catch (IOException)
        {
            return ""; // it ended meanwhile
        }
    }
}
