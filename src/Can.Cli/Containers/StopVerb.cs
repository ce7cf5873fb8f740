using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Stops containers.</summary>
internal sealed class StopVerb : ContainersVerb
{
    private readonly Option<double?> time;

    public StopVerb()
        : this(Opt.Fraction("--time|-t|--timeout", "SECONDS", "How long it may take to end before it is killed; the container's own by default"))
    {
    }

    private StopVerb(Option<double?> time)
        : base("stop", "Ask containers to end, and kill those that do not", [time], "can stop web", "can stop -t 2 web db") => this.time = time;

    /// <inheritdoc/>
    protected override void Do(ParseResult line, Session session, Container container) =>
        session.Engine.Containers.Stop(container.Id, line.GetValue(time) is { } seconds ? TimeSpan.FromSeconds(seconds) : null, force: false, session.Cancellation);
}
