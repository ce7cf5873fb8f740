using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Sends a signal to containers.</summary>
internal sealed class KillVerb : ContainersVerb
{
    private readonly Option<string?> signal;

    public KillVerb()
        : this(Opt.Text("--signal|-s", "SIGNAL", "The signal, by name or number; KILL by default, which no restart policy outlives"))
    {
    }

    private KillVerb(Option<string?> signal)
        : base("kill", "Kill containers, or send them another signal", [signal], "can kill web", "can kill -s HUP web") => this.signal = signal;

    /// <inheritdoc/>
    protected override void Do(ParseResult line, Session session, Container container) =>
        session.Engine.Containers.Kill(container.Id, line.GetValue(signal) ?? "KILL", session.Cancellation);
}
