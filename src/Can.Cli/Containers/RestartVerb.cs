using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Stops and starts containers.</summary>
internal sealed class RestartVerb : ContainersVerb
{
    private readonly Option<double?> time;

    public RestartVerb()
        : this(Opt.Fraction("--time|-t|--timeout", "SECONDS", "How long it may take to end before it is killed; the container's own by default"))
    {
    }

    private RestartVerb(Option<double?> time)
        : base("restart", "Stop containers and start them again", [time], "can restart web", "can restart -t 2 web db") => this.time = time;

    /// <inheritdoc/>
    protected override void Do(ParseResult line, Session session, Container container) =>
        session.Engine.Containers.Restart(container.Id, line.GetValue(time) is { } seconds ? TimeSpan.FromSeconds(seconds) : null, session.Cancellation);
}
