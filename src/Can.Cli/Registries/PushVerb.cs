using System.CommandLine;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Cli.Common.Progress;
using Can.Engine.Images.Registries;

namespace Can.Cli.Registries;

/// <summary>Sends an image to a registry.</summary>
internal sealed class PushVerb : Verb
{
    private readonly Argument<string> image = Arg.One("IMAGE", "Reference or Id");
    private readonly Argument<string?> destination = Arg.Maybe("DESTINATION", "Reference that it gets there; its own if left out");
    private readonly Option<bool> quiet = Opt.Flag("--quiet|-q", "No progress; only the reference with its digest");
    private readonly RegistryArguments registry = new();

    public PushVerb()
        : base("push", "Send an image to its registry", "can push localhost:5000/team/app:1.2", "can push --tls-verify=false busybox localhost:5000/busybox")
    {
        Add(image);
        Add(destination);
        Add(quiet, registry.Verify, registry.Insecure);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var progress = new TransferProgress();
        var sent = Watched.Run(session, line.GetValue(quiet), stays: true, new TransferView(progress), cancellation =>
            session.Engine.Images.Send(line.GetValue(image)!, line.GetValue(destination), registry.Read(line), progress, cancellation));
        session.Output.WriteLine(line.GetValue(quiet)
            ? sent.ToString()
            : $"{sent}{Environment.NewLine}Sent {Human.Size(sent.Uploaded)}, {Human.Size(sent.Mounted + sent.Present)} were there");
        return ExitCode.Success;
    }
}
