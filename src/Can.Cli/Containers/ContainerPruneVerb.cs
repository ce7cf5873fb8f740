using System.CommandLine;
using Can.Cli.Common;
using Can.Cli.Storage;
using Can.Engine.Storage.Upkeep;

namespace Can.Cli.Containers;

/// <summary>Removes containers that do not run.</summary>
internal sealed class ContainerPruneVerb : Verb
{
    private readonly Confirmation confirmation = new();

    public ContainerPruneVerb()
        : base("prune", "Remove the containers that do not run", "can container prune -f") => Add(confirmation.Force);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session) =>
        confirmation.IsGiven(line, session, "every container that does not run")
            ? new Pruning(session).Of(StorageKind.Container, all: false).End()
            : ExitCode.Failure;
}
