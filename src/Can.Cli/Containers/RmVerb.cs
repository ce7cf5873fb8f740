using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Removes containers.</summary>
internal sealed class RmVerb : ContainersVerb
{
    private readonly Option<bool> force;

    public RmVerb()
        : this(
            Opt.Flag("--force|-f", "Kill those that run"),
            Opt.Flag("--volumes|-v", "Accepted for Docker's sake: anonymous volumes always go with their container"))
    {
    }

    private RmVerb(Option<bool> force, Option<bool> volumes)
        : base("rm", "Remove containers, with their writable layers, logs and anonymous volumes", [force, volumes], "can rm c1", "can rm -f $(can ps -aq)") =>
        this.force = force;

    /// <inheritdoc/>
    protected override void Do(ParseResult line, Session session, Container container) =>
        session.Engine.Containers.Remove(container.Id, line.GetValue(force), session.Cancellation);
}
