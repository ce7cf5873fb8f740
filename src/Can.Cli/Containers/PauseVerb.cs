using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Freezes containers.</summary>
internal sealed class PauseVerb() : ContainersVerb("pause", "Freeze all processes of containers", [], "can pause web")
{
    /// <inheritdoc/>
    protected override void Do(ParseResult line, Session session, Container container) =>
        session.Engine.Containers.Suspend(container.Id, session.Cancellation);
}
