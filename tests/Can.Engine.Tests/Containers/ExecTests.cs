using System.Text;
using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>Processes in running containers.</summary>
public sealed class ExecTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private ContainerService Containers => fixture.Containers;

    [RootFact]
    [Trait("Category", "Cgroup2")]
    public void Exit_code_and_both_streams_are_told_apart()
    {
        var container = fixture.StartSleeper();

        var result = fixture.Exec(container, "echo out; echo err >&2; printf 'no end'; exit 6");

        Assert.Equal((6, 0), (result.ExitCode, result.Signal));
        Assert.Equal(["out", "no end"], result.StandardOutput);
        Assert.Equal(["err"], result.StandardError);
        Assert.Equal(["1"], fixture.Exec(container, "readlink /proc/1/ns/pid >/a; readlink /proc/self/ns/pid >/b; cmp /a /b && echo 1").StandardOutput);
    }

    [RootFact]
    public void A_signal_that_ends_it_is_reported()
    {
        var result = fixture.Exec(fixture.StartSleeper(), "kill -9 $$");

        Assert.Equal((137, 9), (result.ExitCode, result.Signal));
    }

    [RootFact]
    public void Standard_input_is_the_stream_to_its_end()
    {
        var container = fixture.StartSleeper();
        var data = string.Concat(Enumerable.Range(0, 40_000).Select(number => $"line {number}\n"));
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(data));

        var result = Exec(container, new ExecOptions { Command = ["cat"], StandardInput = input });

        Assert.Equal(data, string.Join('\n', result.StandardOutput) + "\n");
        Assert.Empty(Exec(container, new ExecOptions { Command = ["cat"] }).StandardOutput);
    }

    [RootFact]
    public void A_program_that_does_not_read_its_input_ends_all_the_same()
    {
        using var endless = new EndlessStream();

        Assert.Equal(3, Exec(fixture.StartSleeper(), new ExecOptions { Command = ["sh", "-c", "exit 3"], StandardInput = endless }).ExitCode);
    }

    [RootFact]
    public void Lines_arrive_as_they_are_written_on_the_calling_thread()
    {
        var container = fixture.StartSleeper();
        var caller = Environment.CurrentManagedThreadId;
        var lines = new List<string>();

        // The program goes on only when its first line has been seen: the callback lets it.
        var result = Containers.Exec(
            container.Id,
            new ExecOptions { Command = ["sh", "-c", "echo first; while [ ! -e /go ]; do sleep 0.02; done; echo second"] },
            line =>
            {
                Assert.Equal(caller, Environment.CurrentManagedThreadId);
                lines.Add(line.Text);
                File.WriteAllText($"/proc/{container.ProcessId}/root/go", "");
            },
            CancellationToken.None);

        Assert.Equal(["first", "second"], lines);
        Assert.Empty(result.StandardOutput);
    }

    [RootFact]
    public void Environment_directory_and_user_are_the_container_s_unless_given()
    {
        var container = fixture.Start(fixture.Options("sleep", "1000") with { Environment = new Dictionary<string, string> { ["COLOUR"] = "blue" }, WorkingDirectory = "/tmp" });

        Assert.Equal(["blue /tmp 0"], fixture.Exec(container, "echo $COLOUR $(pwd) $(id -u)").StandardOutput);
        var given = Exec(container, new ExecOptions
        {
            Command = ["sh", "-c", "echo $COLOUR $(pwd) $(id -u)"],
            Environment = new Dictionary<string, string> { ["COLOUR"] = "red" },
            WorkingDirectory = "/var",
            User = "nobody",
        });
        Assert.Equal(["red /var 65534"], given.StandardOutput);
    }

    [RootFact]
    public void Cancelling_kills_the_process_inside()
    {
        var container = fixture.StartSleeper();
        using var cancellation = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => Containers.Exec(
            container.Id, new ExecOptions { Command = ["sh", "-c", "echo started; exec sleep 4711"] }, _ => cancellation.Cancel(), cancellation.Token));

        EngineFixture.Eventually(() => !Containers.Processes(container.Id).Any(process => process.CommandLine.Contains("4711", StringComparison.Ordinal)), "the process has gone");
    }

    [RootFact]
    public void It_ends_with_the_container()
    {
        var container = fixture.StartSleeper();

        var result = Containers.Exec(
            container.Id, new ExecOptions { Command = ["sh", "-c", "echo started; exec sleep 1000"] },
            _ => fixture.Another().Containers.Stop(container.Id, null, force: true, CancellationToken.None), CancellationToken.None);

        Assert.Equal(137, result.ExitCode);
    }

    [RootFact]
    public void What_cannot_be_run_is_a_typed_error()
    {
        var container = fixture.StartSleeper();

        EngineFixture.Fails("CommandNotFound", () => Exec(container, new ExecOptions { Command = ["no-such-command"] }));
        EngineFixture.Fails("UserNotFound", () => Exec(container, new ExecOptions { Command = ["true"], User = "nobody-here" }));
        Containers.Suspend(container.Id, CancellationToken.None);
        EngineFixture.Fails("ContainerSuspended", () => Exec(container, new ExecOptions { Command = ["true"] }));
        Containers.Stop(container.Id, null, force: true, CancellationToken.None);
        EngineFixture.Fails("ContainerNotRunning", () => Exec(container, new ExecOptions { Command = ["true"] }));
    }

    private ExecResult Exec(Container container, ExecOptions options) => Containers.Exec(container.Id, options, onLine: null, CancellationToken.None);

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)'x');
            return buffer.Length;
        }
    }
}
