using System.CommandLine;
using Can.Cli.Common;

namespace Can.Cli.Containers;

/// <summary>Joins a running container.</summary>
internal sealed class AttachVerb : Verb
{
    private readonly Option<bool> noInput = Opt.Flag("--no-stdin", "Only show what it writes");
    private readonly ForegroundOptions foreground = new();
    private readonly Argument<string> name = Arg.One("CONTAINER", "Name, Id or beginning of an Id");

    public AttachVerb()
        : base("attach", "Join this terminal to a running container's own command", "can attach c1", "can attach --detach-keys ctrl-x c1")
    {
        Add(noInput);
        Add(foreground.All);
        Add(name);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var container = session.Engine.Containers.Find(line.GetValue(name)!);
        return foreground.Join(line, session, container.Interactive && !line.GetValue(noInput), container.Tty, (options, cancellation) =>
            session.Engine.Containers.Attach(container.Id, options, onLine: null, cancellation)) ?? ExitCode.Success;
    }
}
