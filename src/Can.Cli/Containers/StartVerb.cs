using System.CommandLine;
using Can.Cli.Common;

namespace Can.Cli.Containers;

/// <summary>Starts containers.</summary>
internal sealed class StartVerb : Verb
{
    private readonly Option<bool> attach = Opt.Flag("--attach|-a", "Stay in the foreground and show its output");
    private readonly Option<bool> interactive = Opt.Flag("--interactive|-i", "Join standard input too");
    private readonly ForegroundOptions foreground = new();
    private readonly Argument<string[]> names = Arg.Many("CONTAINER", "Names, Ids or beginnings of Ids; with -a or -i a single one");

    public StartVerb()
        : base("start", "Start containers that were made or have ended", "can start web db", "can start -ai c1")
    {
        Add(attach, interactive);
        Add(foreground.All);
        Add(names);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var given = line.GetValue(names)!;
        if (!line.GetValue(attach) && !line.GetValue(interactive))
        {
            return session.ForEach(given, name =>
            {
                session.Engine.Containers.Start(session.Engine.Containers.Find(name).Id, session.Cancellation);
                session.Output.WriteLine(name);
            });
        }

        if (given is not [var single])
        {
            throw new UsageException("with -a or -i only one container can be started");
        }

        var container = session.Engine.Containers.Find(single);
        return foreground.Join(line, session, line.GetValue(interactive) && container.Interactive, container.Tty, (options, cancellation) =>
            session.Engine.Containers.StartAttached(container.Id, options, onLine: null, cancellation)) ?? ExitCode.Success;
    }
}
