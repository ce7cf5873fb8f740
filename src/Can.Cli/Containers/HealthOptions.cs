using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>The options for a container's health check.</summary>
internal sealed class HealthOptions
{
    private readonly Option<string?> command = Opt.Text("--health-cmd", "COMMAND", "Health check instead of the image's, run by its shell");
    private readonly Option<TimeSpan?> interval = Time("--health-interval", "Pause between two checks, such as 30s");
    private readonly Option<TimeSpan?> timeout = Time("--health-timeout", "Time after which a check has failed");
    private readonly Option<TimeSpan?> startPeriod = Time("--health-start-period", "Time after the start in which failures do not count");
    private readonly Option<TimeSpan?> startInterval = Time("--health-start-interval", "Pause between two checks in that time");
    private readonly Option<long?> retries = Opt.Number("--health-retries", "NUMBER", "Failures in a row that make it unhealthy");
    private readonly Option<bool> none = Opt.Flag("--no-healthcheck", "Do without the image's health check");

    /// <summary>All of them.</summary>
    public Option[] All => [command, interval, timeout, startPeriod, startInterval, retries, none];

    /// <summary>The health check that a command line asks for; null when it says nothing about it.</summary>
    public HealthCheck? Read(ParseResult line)
    {
        var given = (line.GetValue(command) is { } text ? HealthCheck.Shell(text) : new() { Test = [] }) with
        {
            Interval = line.GetValue(interval),
            Timeout = line.GetValue(timeout),
            StartPeriod = line.GetValue(startPeriod),
            StartInterval = line.GetValue(startInterval),
            Retries = (int?)line.GetValue(retries),
        };
        var nothing = given is { Test.Count: 0, Interval: null, Timeout: null, StartPeriod: null, StartInterval: null, Retries: null };
        return !line.GetValue(none) ? (nothing ? null : given)
            : nothing ? HealthCheck.None
            : throw new UsageException("--no-healthcheck and the other --health options exclude each other");
    }

    private static Option<TimeSpan?> Time(string name, string description) => Opt.One<TimeSpan?>(name, "TIME", description, static text => Duration.Parse(text));
}
