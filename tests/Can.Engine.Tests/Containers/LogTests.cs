using System.Globalization;
using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>Logs of real containers.</summary>
public sealed class LogTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private ContainerService Containers => fixture.Containers;

    [RootFact]
    public void Streams_times_and_lines_without_an_end_are_kept()
    {
        var before = DateTimeOffset.Now;
        var container = fixture.RunToEnd("echo out; echo err >&2; sleep 0.05; echo; printf 'no end'");

        var entries = Read(container, new LogOptions());

        Assert.Equal(["out", "err", "", "no end"], entries.Select(entry => entry.Message).Order(Comparer<string>.Create((left, right) => Rank(left).CompareTo(Rank(right)))));
        Assert.Equal(OutputSource.Error, entries.Single(entry => entry.Message == "err").Stream);
        Assert.All(entries, entry => Assert.InRange(entry.Timestamp, before.AddSeconds(-1), DateTimeOffset.Now.AddSeconds(1)));
        Assert.All(entries, entry => Assert.Equal(container.Name, entry.Container));
    }

    [RootFact]
    public void A_line_longer_than_the_monitor_s_buffer_is_one_line()
    {
        var container = fixture.RunToEnd("head -c 100000 /dev/zero | tr '\\0' x; echo; echo after");

        Assert.Equal([new string('x', 100_000), "after"], fixture.Log(container));
    }

    [RootTheory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(10, 10)]
    [InlineData(11, 10)]
    public void Tail_gives_the_last_lines(int tail, int expected)
    {
        var container = fixture.RunToEnd("for i in 0 1 2 3 4 5 6 7 8 9; do echo line $i; done");

        Assert.Equal(Enumerable.Range(10 - expected, expected).Select(number => $"line {number}"), Read(container, new LogOptions { Tail = tail }).Select(entry => entry.Message));
    }

    [RootFact]
    public void After_and_before_cut_a_log()
    {
        var container = fixture.RunToEnd("for i in 1 2 3; do echo $i; sleep 0.05; done");
        var all = Read(container, new LogOptions());

        Assert.Equal(["2", "3"], Read(container, new LogOptions { After = all[0].Timestamp }).Select(entry => entry.Message));
        Assert.Equal(["1", "2"], Read(container, new LogOptions { Before = all[2].Timestamp }).Select(entry => entry.Message));
        Assert.Equal(["2"], Read(container, new LogOptions { After = all[0].Timestamp, Before = all[2].Timestamp }).Select(entry => entry.Message));
    }

    [RootFact]
    public void Following_gives_every_line_once_to_the_end()
    {
        const int Lines = 2000;
        var container = fixture.Start(fixture.Script($"i=0; while [ $i -lt {Lines} ]; do i=$((i+1)); echo $i; [ $((i % 500)) != 0 ] || sleep 0.1; done"));

        var followed = Read(container, new LogOptions { Follow = true }).Select(entry => entry.Message);

        Assert.Equal(Enumerable.Range(1, Lines).Select(number => number.ToString(CultureInfo.InvariantCulture)), followed);
    }

    [RootFact]
    public void Following_goes_on_over_restarts()
    {
        var container = fixture.Start(fixture.Script("echo run; exit 1") with { RestartPolicy = RestartPolicy.Parse("on-failure:3") });

        Assert.Equal(["run", "run", "run", "run"], Read(container, new LogOptions { Follow = true }).Select(entry => entry.Message));
    }

    [RootFact]
    public void A_follower_can_be_cancelled()
    {
        var container = fixture.Start(fixture.Script("echo one; exec sleep 1000"));
        using var cancellation = new CancellationTokenSource();
        var lines = new List<string>();

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var entry in Containers.ReadLog(container.Id, new LogOptions { Follow = true }, cancellation.Token))
            {
                lines.Add(entry.Message);
                cancellation.Cancel();
            }
        });

        Assert.Equal(["one"], lines);
        container.Refresh();
        Assert.Equal(ContainerState.Running, container.State);
    }

    [RootFact]
    public void The_log_of_a_container_that_does_not_exist_is_an_error() =>
        EngineFixture.Fails("ContainerNotFound", () => Containers.ReadLog(new string('2', 64), new LogOptions(), CancellationToken.None));

    private List<LogEntry> Read(Container container, LogOptions options) => [.. Containers.ReadLog(container.Id, options, CancellationToken.None)];

    private static int Rank(string message) => Array.IndexOf(["out", "err", "", "no end"], message);
}
