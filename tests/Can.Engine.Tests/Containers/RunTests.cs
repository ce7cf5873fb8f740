using System.Text;
using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>Containers in the foreground: run to the end, and attached to while they run.</summary>
public sealed class RunTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private ContainerService Containers => fixture.Containers;

    [RootFact]
    [Trait("Category", "Cgroup2")]
    public void Output_and_exit_code_come_back_and_the_container_goes()
    {
        var result = Run(fixture.Script("echo out; echo err >&2; printf end; exit 9"));

        Assert.Equal((9, false), (result.ExitCode, result.OomKilled));
        Assert.Equal(["out", "end"], result.StandardOutput);
        Assert.Equal(["err"], result.StandardError);
        Assert.Equal(ContainerState.Exited, result.Container.State);
        Assert.Null(Containers.TryGetByName(result.Container.Name));
        Assert.DoesNotContain(fixture.Residue(), path => path.Contains(result.Container.Id, StringComparison.Ordinal));
    }

    [RootFact]
    public void It_stays_when_it_is_to_stay()
    {
        var result = Containers.Run(fixture.Script("echo kept"), new AttachOptions(), remove: false, onLine: null, CancellationToken.None);

        Assert.Equal(["kept"], fixture.Log(result.Container));
        Assert.Equal((ContainerState.Exited, 0), (result.Container.State, result.Container.ExitCode));
        Containers.Start(result.Container.Id, CancellationToken.None);
        fixture.WaitExited(result.Container);
        Assert.Equal(["kept", "kept"], fixture.Log(result.Container));
    }

    [RootFact]
    public void Five_megabytes_come_through_whole_and_in_order()
    {
        const int Lines = 80_000;
        var count = 0;
        var options = fixture.Script($"i=0; while [ $i -lt {Lines} ]; do i=$((i+1)); echo \"line $i 0123456789012345678901234567890123456789012345678901234567\"; done");

        var result = Containers.Run(
            options, new AttachOptions(), remove: true,
            line => Assert.StartsWith($"line {++count} 0", line.Text, StringComparison.Ordinal), CancellationToken.None);

        Assert.Equal((0, Lines), (result.ExitCode, count));
    }

    [RootFact]
    public void Standard_input_reaches_the_program_to_its_end()
    {
        var text = string.Concat(Enumerable.Range(0, 30_000).Select(number => $"{number}\n"));
        using var input = new MemoryStream(Encoding.ASCII.GetBytes(text));

        var result = Containers.Run(fixture.Options("wc", "-c") with { Interactive = true }, new AttachOptions { StandardInput = input }, remove: true, onLine: null, CancellationToken.None);

        Assert.Equal([text.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)], result.StandardOutput);
    }

    [RootFact]
    public void Cancelling_kills_and_removes_it()
    {
        var options = fixture.Script("echo started; exec sleep 1000");
        using var cancellation = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => Containers.Run(options, new AttachOptions(), remove: true, _ => cancellation.Cancel(), cancellation.Token));

        Assert.Null(Containers.TryGetByName(options.Name!));
        Assert.DoesNotContain(fixture.Residue(), path => path.EndsWith($"/{options.Name}", StringComparison.Ordinal));
    }

    [RootFact]
    public void Cancelling_before_the_start_leaves_nothing()
    {
        var options = fixture.Script("true");

        Assert.ThrowsAny<OperationCanceledException>(() => Containers.Run(options, new AttachOptions(), remove: true, onLine: null, new CancellationToken(canceled: true)));
        Assert.ThrowsAny<OperationCanceledException>(() => Containers.Create(options, start: true, new CancellationToken(canceled: true)));

        Assert.Null(Containers.TryGetByName(options.Name!));
    }

    [RootFact]
    public void A_start_that_fails_leaves_nothing()
    {
        var options = fixture.Options("/no/such/program");

        EngineFixture.Fails("CommandNotFound", () => Run(options));

        Assert.Null(Containers.TryGetByName(options.Name!));
    }

    [RootFact]
    public void Several_attach_to_one_and_all_hear_the_end()
    {
        var container = fixture.Start(fixture.Script("while [ ! -e /go ]; do sleep 0.02; done; echo hello; exit 4"));
        var attached = Enumerable.Range(0, 3).Select(_ => AttachInBackground(container)).ToList();

        // Everybody is attached when the monitor holds three connections more than before.
        EngineFixture.Eventually(() => Connections(container) >= 3, "three are attached");
        File.WriteAllText($"/proc/{container.ProcessId}/root/go", "");

        Assert.All(attached, one => Assert.Equal((4, "hello"), (one.Result.ExitCode, Assert.Single(one.Result.Lines))));
        EngineFixture.Fails("ContainerNotRunning", () => Containers.Attach(container.Id, new AttachOptions(), onLine: null, CancellationToken.None));
    }

    [RootFact]
    public void A_cancelled_attachment_leaves_the_container_running()
    {
        var container = fixture.Start(fixture.Script("while :; do echo tick; sleep 0.02; done"));
        using var cancellation = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => Containers.Attach(container.Id, new AttachOptions(), _ => cancellation.Cancel(), cancellation.Token));

        container.Refresh();
        Assert.Equal(ContainerState.Running, container.State);
        Containers.Remove(container.Id, force: true, CancellationToken.None);
    }

    [RootFact]
    public void A_terminal_is_joined_only_where_there_is_one()
    {
        var container = fixture.StartSleeper();

        EngineFixture.Fails("ContainerHasNoTerminal", () => Containers.Attach(container.Id, new AttachOptions { Terminal = true }, onLine: null, CancellationToken.None));
    }

    private RunResult Run(ContainerOptions options) => Containers.Run(options, new AttachOptions(), remove: true, onLine: null, CancellationToken.None);

    private Task<(int? ExitCode, List<string> Lines)> AttachInBackground(Container container) => Task.Factory.StartNew(
        () =>
        {
            var lines = new List<string>();
            var code = Containers.Attach(container.Id, new AttachOptions(), line => lines.Add(line.Text), CancellationToken.None);
            return (code, lines);
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Sockets of the monitor beyond its listener and its channel to the container's first process, which is closed by now.</summary>
    private static int Connections(Container container) =>
        Directory.EnumerateFiles($"/proc/{container.MonitorProcessId}/fd").Count(static path => new FileInfo(path).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) ?? false) - 1;
}
