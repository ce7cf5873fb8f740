using System.CommandLine;
using Can.Cli.Common;
using Can.Cli.Common.Progress;
using Can.Cli.Images;
using Can.Engine.Images.Registries;

namespace Can.Cli.Registries;

/// <summary>Gets images from registries.</summary>
internal sealed class PullVerb : Verb
{
    private readonly Argument<string[]> images = Arg.Many("IMAGE", "Reference, such as busybox, host:5000/team/app:1.2 or one with a digest");
    private readonly Option<string?> platform = ImageOptions.Platform();
    private readonly Option<bool> quiet = Opt.Flag("--quiet|-q", "No progress; only the references");
    private readonly Option<long?> maximum = ImageOptions.MaximumSize();
    private readonly RegistryArguments registry = new();

    public PullVerb()
        : base("pull", "Get images from a registry", "can pull busybox", "can pull --tls-verify=false localhost:5000/team/app:1.2", "can pull --platform linux/arm64 busybox")
    {
        Add(images);
        Add(platform, quiet, maximum, registry.Verify, registry.Insecure);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var options = registry.Read(line) with { Platform = line.GetValue(platform) };
        return session.ForEach(line.GetValue(images)!, reference => Pull(session, reference, options, line.GetValue(maximum), line.GetValue(quiet)));
    }

    private static void Pull(Session session, string reference, RegistryOptions options, long? maximum, bool quiet)
    {
        var progress = new TransferProgress();
        var image = Watched.Run(session, quiet, stays: true, new TransferView(progress), cancellation =>
            session.Engine.Images.Receive(reference, options, maximum, progress, cancellation));
        if (!quiet)
        {
            session.Output.WriteLine($"Digest: {image.Digest}");
        }

        session.Output.WriteLine(Can.Engine.Images.ImageReference.Parse(reference).ToString());
        session.Output.Flush();
    }
}
