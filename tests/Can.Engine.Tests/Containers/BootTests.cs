using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Processes;

namespace Can.Engine.Tests.Containers;

/// <summary>What runs again after the machine was down, and how containers end when it goes down.</summary>
public sealed class BootTests
{
    [RootTheory]
    [InlineData("always", false, true)]
    [InlineData("always", true, true)]
    [InlineData("unless-stopped", false, true)]
    [InlineData("unless-stopped", true, false)]
    [InlineData("on-failure", false, false)]
    [InlineData("no", false, false)]
    public void The_policy_and_the_user_decide_what_runs_again(string policy, bool stopped, bool runs)
    {
        using var own = new EngineFixture();
        var container = own.Start(Sleeper(own) with { RestartPolicy = RestartPolicy.Parse(policy) });
        if (stopped)
        {
            own.Containers.Stop(container.Id, null, force: true, CancellationToken.None);
        }

        Reboot(own, container);
        Boot(own.Another(), runs ? [container.Id] : []);

        Assert.Equal(runs ? ContainerState.Running : ContainerState.Exited, own.Containers.GetById(container.Id).State);
    }

    [RootFact]
    public void A_container_that_was_never_started_is_not_started_at_boot()
    {
        using var own = new EngineFixture();
        var container = own.Containers.Create(Sleeper(own) with { RestartPolicy = RestartPolicy.Parse("always") }, start: false, CancellationToken.None);

        Boot(own.Another());

        Assert.Equal(ContainerState.Created, own.Containers.GetById(container.Id).State);
    }

    [RootFact]
    public void An_orderly_shutdown_is_nobody_s_wish()
    {
        using var own = new EngineFixture();
        var policy = RestartPolicy.Parse("unless-stopped");
        var containers = new[] { own.Start(Sleeper(own) with { RestartPolicy = policy }), own.Start(Sleeper(own)), own.Start(Sleeper(own) with { RestartPolicy = policy }) };
        own.Containers.Stop(containers[2].Id, null, force: false, CancellationToken.None);
        own.Containers.Suspend(containers[1].Id, CancellationToken.None);

        var ended = own.Containers.StopForShutdown(static error => throw error, CancellationToken.None);

        Assert.Equal(containers[..2].Select(one => one.Id).Order(), ended.Select(one => one.Id).Order());
        Assert.All(own.Containers.List(), one => Assert.Equal(ContainerState.Exited, one.State));
        Boot(own.Another(), containers[0].Id);
    }

    [RootFact]
    public void One_that_shares_a_network_is_stopped_before_and_started_after_its_owner()
    {
        using var own = new EngineFixture();
        var always = RestartPolicy.Parse("always");
        var owner = own.Start(Sleeper(own) with { RestartPolicy = always });
        var guest = own.Start(Sleeper(own) with { RestartPolicy = always, Networks = [new() { Network = $"container:{owner.Name}" }] });

        var ended = own.Containers.StopForShutdown(static error => throw error, CancellationToken.None);

        Assert.Equal([guest.Id, owner.Id], ended.Select(one => one.Id));
        Boot(own.Another(), owner.Id, guest.Id);
    }

    [RootFact]
    public void One_that_cannot_be_started_does_not_keep_the_others_from_it()
    {
        using var own = new EngineFixture();
        var directory = Directory.CreateDirectory(own.PathOf("bound"));
        var always = RestartPolicy.Parse("always");
        var bad = own.Start(Sleeper(own) with { RestartPolicy = always, Mounts = [MountSpecification.ParseVolume($"{directory.FullName}:/data")] });
        var good = own.Start(Sleeper(own) with { RestartPolicy = always });
        own.Containers.StopForShutdown(static error => throw error, CancellationToken.None);
        directory.Delete();
        var errors = new List<CanException>();

        var started = own.Containers.StartForBoot(errors.Add, CancellationToken.None);

        Assert.Equal([good.Id], started.Select(one => one.Id));
        Assert.Contains($"'{bad.Name}'", Assert.Single(errors).Message);
    }

    [RootFact]
    public void A_changed_policy_counts()
    {
        using var own = new EngineFixture();
        var container = own.Start(Sleeper(own) with { RestartPolicy = RestartPolicy.Parse("always") });
        own.Containers.Update(container.Id, limits: null, RestartPolicy.No);

        own.Containers.StopForShutdown(static error => throw error, CancellationToken.None);

        Boot(own.Another());
    }

    private static ContainerOptions Sleeper(EngineFixture own) => own.Script("trap 'exit 0' TERM; while :; do sleep 1000 & wait; done") with { StopTimeout = TimeSpan.FromSeconds(1) };

    private static void Boot(CanEngine engine, params string[] expected)
    {
        var started = engine.Containers.StartForBoot(static error => throw error, CancellationToken.None);
        Assert.Equal(expected, started.Select(one => one.Id));
    }

    /// <summary>The power goes: monitors and containers with it, and the run directory, which is in memory.</summary>
    private static void Reboot(EngineFixture own, Container container)
    {
        // The monitor writes it after it has told the engine, so it may be a moment later.
        EngineFixture.Eventually(() => File.Exists($"{own.Root.ContainerState(container.Id)}/status"), "the start is on the disk");
        container.Refresh();
        if (container.MonitorProcessId is { } id && PidFd.TryOpen(id, container.Status.MonitorStartTime) is { } monitor)
        {
            using (monitor)
            using (var poller = new Poller(CancellationToken.None))
            {
                monitor.Signal(9);
                poller.WaitReadable(monitor.Handle, EngineFixture.Patience);
            }
        }

        HostFacts.Current.Cgroups.Sweep(own.Root, container.Id);
        Directory.Delete(own.Root.Run, recursive: true);
    }
}
