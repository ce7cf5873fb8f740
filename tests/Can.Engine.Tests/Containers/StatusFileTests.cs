using System.Text;
using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>The status file, which a C program writes and anything may have cut short.</summary>
public sealed class StatusFileTests
{
    private const string Whole = """
        version=1
        state=restarting
        monitor=4194303
        monitor_start=18446744073709551
        pid=0
        pid_start=0
        started=1709251199123456789
        finished=1709251200000000000
        exit=137
        signal=9
        oom=1
        restarts=12
        stopped=1
        health=unhealthy
        health_failures=4
        health_exit=-1
        health_checked=1709251199500000000
        failed_step=-1
        error=2
        text=a=b
        """;

    [Fact]
    public void Every_key_is_read()
    {
        var status = Parse(Whole)!.Value;

        Assert.Equal((MonitorState.Restarting, 4194303, 18446744073709551UL), (status.State, status.Monitor, status.MonitorStart));
        Assert.Equal((0, 0UL, 137, true, 12, true), (status.ProcessId, status.ProcessStart, status.ExitCode, status.OomKilled, status.Restarts, status.Stopped));
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 23, 59, 59, TimeSpan.Zero).AddTicks(1234567), StatusFile.Time(status.Started));
        Assert.Equal((HealthStatus.Unhealthy, 4, -1, 1709251199500000000), (status.Health, status.HealthFailures, status.HealthExit, status.HealthChecked));
        Assert.Null(StatusFile.Time(0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("version=1\nstat")]
    [InlineData("version=1\nstate=flying\n")]
    [InlineData("\0\0\0\0")]
    public void What_says_no_state_is_no_status(string text) => Assert.Null(Parse(text));

    [Fact]
    public void Unknown_keys_and_bad_numbers_do_no_harm()
    {
        var status = Parse("version=1\nstate=exited\nexit=many\nfuture=1\n=\n\nrestarts=3\n")!.Value;

        Assert.Equal((MonitorState.Exited, 0, 3), (status.State, status.ExitCode, status.Restarts));
    }

    [Fact]
    public void The_engine_s_own_text_is_read_back()
    {
        var written = Parse(Whole)!.Value with { State = MonitorState.Exited, ExitCode = 137, Monitor = 0, MonitorStart = 0 };

        Assert.Equal(written, StatusFile.Parse(written.ToExitedText()));
    }

    [Fact]
    public void Without_a_health_check_there_is_no_health()
    {
        var status = Parse("version=1\nstate=running\n")!.Value;

        Assert.Null(status.Health);
        Assert.DoesNotContain("health", Encoding.UTF8.GetString(status.ToExitedText()));
    }

    private static StatusFile? Parse(string text) => StatusFile.Parse(Encoding.UTF8.GetBytes(text));
}
