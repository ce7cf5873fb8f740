using System.CommandLine;
using System.Globalization;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Engine;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Shows what containers use.</summary>
internal sealed class StatsVerb : Verb
{
    /// <summary>Home, and clear to the end: the next samples take the place of the last ones.</summary>
    private const string ClearScreen = "\e[H\e[J";

    private const string Unknown = "--";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Option<bool> once = Opt.Flag("--no-stream", "Measure once");
    private readonly Option<bool> all = Opt.Flag("--all|-a", "Accepted for Docker's sake: only what runs can be measured");
    private readonly Argument<string[]> names = Arg.Any("CONTAINER", "Names, Ids or beginnings of Ids; all that run by default");

    private readonly Listing<ContainerStatistics> listing = new(
        new("ID", "CONTAINER ID", static sample => sample.Id[..12]),
        new("Name", "NAME", static sample => sample.Container),
        new("CPUPerc", "CPU %", static sample => Percent(sample.CpuPercent)),
        new("MemUsage", "MEM USAGE / LIMIT", static sample => $"{Size(sample.MemoryBytes)} / {Size(sample.MemoryLimitBytes)}"),
        new("MemPerc", "MEM %", static sample => Percent(sample.MemoryPercent)),
        new("BlockIO", "BLOCK I/O", static sample => $"{Decimal(sample.BlockReadBytes)} / {Decimal(sample.BlockWriteBytes)}"),
        new("PIDs", "PIDS", static sample => sample.Pids?.ToString(CultureInfo.InvariantCulture) ?? Unknown));

    public StatsVerb()
        : base("stats", "Show what containers use, again and again", "can stats", "can stats --no-stream web", "can stats --no-stream --format json")
    {
        Add(once, all, listing.Format);
        Add(names);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var given = Array.ConvertAll(line.GetValue(names)!, name => session.Engine.Containers.Find(name).Id);
        if (line.GetValue(once))
        {
            var result = ExitCode.Success;
            listing.Write(line, session.Output, Measure(given, [], session, error =>
            {
                session.Complain(error);
                result = ExitCode.Failure;
            }));
            return result;
        }

        var samples = new Dictionary<string, ContainerStatistics>(StringComparer.Ordinal);
        do
        {
            var next = Measure(given, samples, session, static _ => { });
            samples = next.ToDictionary(static sample => sample.Id, StringComparer.Ordinal);
            session.Output.Write(Console.IsOutputRedirected ? "" : ClearScreen);
            listing.Write(line, session.Output, next);
            session.Output.Flush();
        }
        while ((given.Length == 0 || samples.Count > 0) && !session.Cancellation.WaitHandle.WaitOne(Interval));
        return ExitCode.Success;
    }

    /// <summary>A sample of each container that runs; side by side, since a first sample takes a pause.</summary>
    private static List<ContainerStatistics> Measure(
        string[] given, Dictionary<string, ContainerStatistics> previous, Session session, Action<CanException> onError)
    {
        var containers = session.Engine.Containers;
        var ids = given.Length > 0 ? given : [.. containers.List().Where(static container => container.State is ContainerState.Running or ContainerState.Suspended).Select(static container => container.Id)];
        var samples = new ContainerStatistics?[ids.Length];
        var errors = new CanException?[ids.Length];
        Parallel.For(0, ids.Length, index =>
        {
            try
            {
                samples[index] = containers.Measure(ids[index], previous.GetValueOrDefault(ids[index]), session.Cancellation);
            }
            catch (CanException error)
            {
                errors[index] = error;
            }
        });
        foreach (var error in errors.OfType<CanException>())
        {
            onError(error);
        }

        return [.. samples.OfType<ContainerStatistics>()];
    }

    private static string Percent(double? number) => number is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.00}%") : Unknown;

    private static string Size(long? bytes) => bytes is { } known ? Human.BinarySize(known) : Unknown;

    private static string Decimal(long? bytes) => bytes is { } known ? Human.Size(known) : Unknown;
}
