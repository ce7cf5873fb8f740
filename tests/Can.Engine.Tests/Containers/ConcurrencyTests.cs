using System.Diagnostics;
using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>Several threads and engines at work on the same containers.</summary>
public sealed class ConcurrencyTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private const int Workers = 8;

    private ContainerService Containers => fixture.Containers;

    [RootFact]
    public void Of_several_that_want_one_name_exactly_one_gets_it()
    {
        for (var round = 0; round < 5; round++)
        {
            var name = fixture.NewName();

            var results = InParallel(containers => containers.Create(fixture.Options("true") with { Name = name }, start: false, CancellationToken.None).Id);

            var winner = Assert.Single(results, result => result.Error is null);
            Assert.Equal(winner.Value, Containers.TryGetByName(name)!.Id);
            Assert.All(results.Where(result => result.Error is not null), result => Assert.Equal("ContainerNameTaken", result.Error!.ErrorId));
        }
    }

    [RootFact]
    public void Of_several_that_start_one_container_all_see_the_same_run()
    {
        for (var round = 0; round < 5; round++)
        {
            var container = Containers.Create(fixture.Options("sleep", "1000"), start: false, CancellationToken.None);

            var results = InParallel(containers => containers.Start(container.Id, CancellationToken.None).ProcessId);

            Assert.NotNull(Assert.Single(results.Select(result => result.Value).Distinct()));
            Containers.Remove(container.Id, force: true, CancellationToken.None);
        }
    }

    [RootFact]
    public void Of_several_that_stop_one_container_all_succeed()
    {
        var container = fixture.StartSleeper();

        var results = InParallel(containers => containers.Stop(container.Id, null, force: false, CancellationToken.None).ExitCode);

        Assert.All(results, result => Assert.Equal(0, result.Value));
    }

    [RootFact]
    public void Of_several_that_remove_one_container_one_does()
    {
        for (var round = 0; round < 5; round++)
        {
            var container = fixture.StartSleeper();

            var results = InParallel(containers =>
            {
                containers.Remove(container.Id, force: true, CancellationToken.None);
                return true;
            });

            Assert.Single(results, result => result.Error is null);
            Assert.All(results.Where(result => result.Error is not null), result => Assert.Equal("ContainerNotFound", result.Error!.ErrorId));
            Assert.DoesNotContain(fixture.Residue(), path => path.Contains(container.Id, StringComparison.Ordinal));
        }
    }

    [RootFact]
    [Trait("Category", "Cgroup2")]
    public void Everything_at_once_ends_in_order()
    {
        var name = fixture.NewName();
        var random = new Random(20240229);
        var seeds = Enumerable.Range(0, Workers).Select(_ => random.Next()).ToArray();

        InParallel((containers, worker) =>
        {
            var choice = new Random(seeds[worker]);
            for (var step = 0; step < 12; step++)
            {
                Tolerate(() => Act(containers, name, choice.Next(6)));
            }

            return true;
        });

        if (Containers.TryGetByName(name) is { } left)
        {
            Containers.Remove(left.Id, force: true, CancellationToken.None);
        }

        Assert.DoesNotContain(Containers.List(), container => container.Name == name);
        Assert.DoesNotContain(fixture.Residue(), path => path.EndsWith($"/{name}", StringComparison.Ordinal));
    }

    [RootFact]
    public void Processes_do_not_disturb_each_other_either()
    {
        var name = fixture.NewName();
        var processes = Enumerable.Range(0, 4).Select(_ => Contender(name)).ToList();

        var outputs = processes.Select(process => process.StandardOutput.ReadToEnd()).ToList();
        processes.ForEach(process => process.WaitForExit());

        Assert.All(processes, process => Assert.Equal(0, process.ExitCode));
        Assert.Equal(0, outputs.Sum(output => output.Split('\n').Count(line => line.StartsWith("unexpected", StringComparison.Ordinal))));
        Assert.True(outputs.Sum(output => output.Split('\n').Count(line => line == "made")) > 0);
        Assert.Null(Containers.TryGetByName(name));
        Assert.DoesNotContain(Containers.List(), container => container.Name == name);
    }

    /// <summary>Errors that others at work on the same container explain.</summary>
    private static void Tolerate(Action action)
    {
        try
        {
            action();
        }
        catch (CanException error) when (error.ErrorId is "ContainerNameTaken" or "ContainerNotFound" or "ContainerNotRunning" or "ContainerRunning" or "ContainerSuspended")
        {
        }
    }

    private void Act(ContainerService containers, string name, int choice)
    {
        if (choice == 0 || containers.TryGetByName(name) is not { } container)
        {
            containers.Create(fixture.Options("sleep", "1000") with { Name = name }, start: true, CancellationToken.None);
            return;
        }

        switch (choice)
        {
            case 1: containers.Start(container.Id, CancellationToken.None); break;
            case 2: containers.Stop(container.Id, TimeSpan.Zero, force: false, CancellationToken.None); break;
            case 3: containers.Remove(container.Id, force: true, CancellationToken.None); break;
            case 4: containers.Exec(container.Id, new ExecOptions { Command = ["true"] }, onLine: null, CancellationToken.None); break;
            default: containers.List(); break;
        }
    }

    /// <summary>A process of its own that makes, starts and removes containers of one name (tests/kill).</summary>
    private Process Contender(string name) => Process.Start(new ProcessStartInfo(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "Can.Kill.dll"), "contend", fixture.Root.Run[..^"/run".Length], name, "10"])
    { RedirectStandardOutput = true })!;

    private List<(T? Value, CanException? Error)> InParallel<T>(Func<ContainerService, T> work) => InParallel((containers, _) => work(containers));

    /// <summary>Every worker has an engine of its own, as if it were a process of its own; all begin at once.</summary>
    private List<(T? Value, CanException? Error)> InParallel<T>(Func<ContainerService, int, T> work)
    {
        _ = fixture.Engine;
        using var start = new Barrier(Workers);
        var results = new (T?, CanException?)[Workers];
        var threads = Enumerable.Range(0, Workers).Select(worker => new Thread(() =>
        {
            var containers = fixture.Another().Containers;
            start.SignalAndWait();
            try
            {
                results[worker] = (work(containers, worker), null);
            }
            catch (CanException error)
            {
                results[worker] = (default, error);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return [.. results];
    }
}
