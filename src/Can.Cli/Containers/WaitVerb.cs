using System.CommandLine;
using System.Globalization;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Waits for the end of containers.</summary>
internal sealed class WaitVerb : Verb
{
    private readonly Option<string?> condition = Opt.Text("--condition", "CONDITION", "exited (default), running, removed or healthy");
    private readonly Argument<string[]> names = Arg.Many("CONTAINER", "Names, Ids or beginnings of Ids");

    public WaitVerb()
        : base("wait", "Wait until containers have ended and print their exit codes", "can wait c1", "can wait --condition healthy web")
    {
        Add(condition);
        Add(names);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var wanted = line.GetValue(condition) switch
        {
            null or "exited" or "not-running" => WaitCondition.Exited,
            "running" => WaitCondition.Running,
            "removed" => WaitCondition.Removed,
            "healthy" => WaitCondition.Healthy,
            var other => throw new UsageException($"'{other}' is no condition; there are exited, running, removed and healthy"),
        };
        return session.ForEach(line.GetValue(names)!, name =>
        {
            var id = session.Engine.Containers.Find(name).Id;
            foreach (var container in session.Engine.Containers.Wait([id], wanted, any: false, timeout: null, session.Cancellation))
            {
                session.Output.WriteLine((container.ExitCode ?? 0).ToString(CultureInfo.InvariantCulture));
            }

            session.Output.Flush();
        });
    }
}
