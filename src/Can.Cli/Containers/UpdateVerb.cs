using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Changes limits and restart policies.</summary>
internal sealed class UpdateVerb : ContainersVerb
{
    private readonly LimitOptions limits;
    private readonly Option<RestartPolicy?> restart;

    public UpdateVerb()
        : this(new(), Opt.One("--restart", "POLICY", "no, on-failure[:RETRIES], always or unless-stopped", RestartPolicy.Parse))
    {
    }

    private UpdateVerb(LimitOptions limits, Option<RestartPolicy?> restart)
        : base("update", "Change limits or the restart policy of containers, at once where they run", [.. limits.All, restart], "can update -m 128m --cpus 0.5 web") =>
        (this.limits, this.restart) = (limits, restart);

    /// <inheritdoc/>
    protected override void Do(ParseResult line, Session session, Container container) =>
        session.Engine.Containers.Update(container.Id, limits.Read(line), line.GetValue(restart));
}
