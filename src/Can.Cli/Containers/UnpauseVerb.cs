using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Thaws containers.</summary>
internal sealed class UnpauseVerb() : ContainersVerb("unpause", "Thaw containers that were paused", [], "can unpause web")
{
    /// <inheritdoc/>
    protected override void Do(ParseResult line, Session session, Container container) =>
        session.Engine.Containers.Resume(container.Id, session.Cancellation);
}
