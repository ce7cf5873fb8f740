using System.CommandLine;
using System.Globalization;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Shows what a container has written.</summary>
internal sealed class LogsVerb : Verb
{
    private readonly Option<bool> follow = Opt.Flag("--follow|-f", "Go on with what it writes, until it ends");
    private readonly Option<string?> tail = Opt.Text("--tail|-n", "NUMBER", "Only so many lines from the end; all by default");
    private readonly Option<DateTimeOffset?> since = Opt.One<DateTimeOffset?>("--since", "TIME", "Only lines after a time such as 2030-01-31T12:00:00Z, or after 10m ago", static text => Moment.Parse(text));
    private readonly Option<DateTimeOffset?> until = Opt.One<DateTimeOffset?>("--until", "TIME", "Only lines before a time", static text => Moment.Parse(text));
    private readonly Option<bool> timestamps = Opt.Flag("--timestamps|-t", "Show when each line was written");
    private readonly Argument<string> name = Arg.One("CONTAINER", "Name, Id or beginning of an Id");

    public LogsVerb()
        : base("logs", "Show what a container has written", "can logs web", "can logs -f --tail 10 -t web", "can logs --since 10m web")
    {
        Add(follow, tail, since, until, timestamps);
        Add(name);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var options = new LogOptions { Tail = Tail(line), After = line.GetValue(since), Before = line.GetValue(until), Follow = line.GetValue(follow) };
        var id = session.Engine.Containers.Find(line.GetValue(name)!).Id;
        foreach (var entry in session.Engine.Containers.ReadLog(id, options, options.Follow ? session.Cancellation : CancellationToken.None))
        {
            var output = entry.Stream == OutputSource.Error ? session.Error : session.Output;
            if (line.GetValue(timestamps))
            {
                output.Write(entry.Timestamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ ", CultureInfo.InvariantCulture));
            }

            output.WriteLine(entry.Message);
            if (options.Follow)
            {
                output.Flush();
            }
        }

        return ExitCode.Success;
    }

    private int? Tail(ParseResult line) => line.GetValue(tail) is not { } text || text is "all" or "-1" ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new UsageException($"'{text}' is no number of lines; write a number, or all");
}
