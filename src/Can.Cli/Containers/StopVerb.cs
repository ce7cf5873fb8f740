using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Stops containers.</summary>
internal sealed class StopVerb : ContainersVerb
{
    private readonly Option<double?> time;
    private readonly Option<string?> signal;

    public StopVerb()
        : this(
            Opt.Fraction("--time|-t|--timeout", "SECONDS", "How long it may take to end before it is killed; the container's own by default"),
            Opt.Text("--signal|-s", "SIGNAL", "The signal that asks it to end; the container's own by default"))
    {
    }

    private StopVerb(Option<double?> time, Option<string?> signal)
        : base("stop", "Ask containers to end, and kill those that do not", [time, signal], "can stop web", "can stop -t 2 web db", "can stop -s INT web") =>
        (this.time, this.signal) = (time, signal);

    /// <inheritdoc/>
    protected override void Do(ParseResult line, Session session, Container container) =>
        session.Engine.Containers.Stop(container.Id, line.GetValue(time) is { } seconds ? TimeSpan.FromSeconds(seconds) : null, force: false, session.Cancellation, line.GetValue(signal));
}
