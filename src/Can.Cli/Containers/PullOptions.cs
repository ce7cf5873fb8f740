using System.CommandLine;
using Can.Cli.Common;
using Can.Cli.Common.Progress;
using Can.Cli.Images;
using Can.Cli.Registries;
using Can.Engine.Images;
using Can.Engine.Images.Registries;

namespace Can.Cli.Containers;

/// <summary>When and how the image of a new container is got from its registry: for <c>run</c> and <c>create</c>.</summary>
internal sealed class PullOptions
{
    private readonly Option<ImagePull?> policy = Opt.One("--pull", "missing|always|never", "When to get the image from its registry; missing by default", ImagePull.Parse);
    private readonly Option<string?> platform = ImageOptions.Platform();
    private readonly Option<bool> quiet = Opt.Flag("--quiet|-q", "No progress of that");
    private readonly RegistryArguments registry = new();

    /// <summary>All of them.</summary>
    public Option[] All => [policy, platform, quiet, registry.Verify, registry.Insecure];

    /// <summary>What was given.</summary>
    public ImagePull Read(ParseResult line, Session session) => (line.GetValue(policy) ?? new()) with
    {
        Registry = registry.Read(line) with { Platform = line.GetValue(platform) },
        Watch = line.GetValue(quiet) ? null : (progress, transfer) => Watch(session, progress, transfer),
    };

    // Signals are the business of whoever runs the container: they end the transfer as they would end the start.
    private static void Watch(Session session, TransferProgress progress, Action transfer) =>
        Watched.Show(session, stays: true, new TransferView(progress), () =>
        {
            transfer();
            return true;
        });
}
