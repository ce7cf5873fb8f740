using System.CommandLine;
using Can.Cli.Common;
using Can.Cli.Storage;
using Can.Engine.Storage.Upkeep;

namespace Can.Cli.Images;

/// <summary>Removes images that no container has.</summary>
internal sealed class ImagePruneVerb : Verb
{
    private readonly Option<bool> all = Opt.Flag("--all|-a", "Also those that have a reference");
    private readonly Confirmation confirmation = new();

    public ImagePruneVerb()
        : base("prune", "Remove the images without a reference that no container has", "can image prune", "can image prune -a -f") => Add(all, confirmation.Force);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session) =>
        confirmation.IsGiven(line, session, $"every image{(line.GetValue(all) ? "" : " without a reference")} that no container has")
            ? new Pruning(session).Of(StorageKind.Image, line.GetValue(all)).End()
            : ExitCode.Failure;
}
