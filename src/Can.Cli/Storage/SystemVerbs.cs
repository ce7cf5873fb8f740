using System.CommandLine;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Cli.Common.Progress;
using Can.Engine;
using Can.Engine.Storage.Upkeep;

namespace Can.Cli.Storage;

/// <summary>Shows what takes room.</summary>
internal sealed class SystemDfVerb : Verb
{
    private readonly Listing<StorageUsage> listing = new(
        new("Type", "TYPE", static usage => usage.Kind switch
        {
            StorageKind.Image => "Images",
            StorageKind.Container => "Containers",
            StorageKind.Volume => "Volumes",
            _ => "Downloads",
        }),
        new("TotalCount", "TOTAL", static usage => $"{usage.Count}"),
        new("Active", "ACTIVE", static usage => $"{usage.Active}"),
        new("Size", "SIZE", static usage => Human.Size(usage.Size)),
        new("Reclaimable", "RECLAIMABLE", static usage => Human.Size(usage.Reclaimable)));

    public SystemDfVerb()
        : base("df", "Show what takes room on the disk", "can system df", "can system df --format json") => Add(listing.Format);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        listing.Write(line, session.Output, session.Engine.Storage.Measure(session.Cancellation));
        return ExitCode.Success;
    }
}

/// <summary>Removes what nobody needs.</summary>
internal sealed class SystemPruneVerb : Verb
{
    private readonly Option<bool> all = Opt.Flag("--all|-a", "Also images that have a reference, if no container has them");
    private readonly Option<bool> volumes = Opt.Flag("--volumes", "Also volumes without a name");
    private readonly Confirmation confirmation = new();

    public SystemPruneVerb()
        : base(
            "prune", "Remove containers that do not run, networks that no container is on, images without a reference, and what interrupted downloads left",
            "can system prune", "can system prune -a --volumes -f") => Add(all, volumes, confirmation.Force);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var images = line.GetValue(all) ? "every image that no container has" : "images without a reference";
        var also = line.GetValue(volumes) ? ", volumes without a name" : "";
        if (!confirmation.IsGiven(line, session, $"every container that does not run, networks that no container is on, {images}{also}, and what interrupted downloads left"))
        {
            return ExitCode.Failure;
        }

        // Volumes with a name are somebody's data, whatever --all says.
        var pruning = new Pruning(session).Of(StorageKind.Container, all: false).OfNetworks();
        if (line.GetValue(volumes))
        {
            _ = pruning.Of(StorageKind.Volume, all: false);
        }

        return pruning.Of(StorageKind.Image, line.GetValue(all)).Of(StorageKind.Download, all: false).End();
    }
}

/// <summary>Tests the store.</summary>
internal sealed class SystemCheckVerb : Verb
{
    private readonly Option<bool> deep = Opt.Flag("--deep", "Also unpack every layer once more and compare");
    private readonly Option<bool> repair = Opt.Flag("--repair", "Mend what can be mended; an image whose blobs are damaged is removed, to be brought in anew");
    private readonly Option<bool> quiet = Opt.Flag("--quiet|-q", "Only the exit code: 1 when something is damaged");
    private readonly Listing<StorageProblem> listing = new(
        new("Kind", "KIND", static problem => problem.Kind.ToString().ToLowerInvariant()),
        new("Problem", "PROBLEM", static problem => problem.Problem),
        new("Path", "PATH", static problem => problem.Path),
        new("Remedy", "REMEDY", static problem => problem.Repaired ? "repaired" : Wording.Of(problem.Remedy)),
        new("Repaired", null, static problem => problem.Repaired ? "true" : "false"));

    public SystemCheckVerb()
        : base("check", "Test whether everything in the store is whole", "can system check", "can system check --deep --repair") =>
        Add(deep, repair, quiet, listing.Format);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var silent = line.GetValue(quiet);
        var view = new ByteView("Testing");
        var problems = Watched.Run(session, silent, stays: false, view, cancellation =>
            session.Engine.Storage.Check(line.GetValue(deep), view, cancellation));
        var result = line.GetValue(repair)
            ? session.ForEach(problems, problem => problem.Repair(session.Cancellation))
            : ExitCode.Success;
        if (!silent && (problems.Count > 0 || line.GetValue(listing.Format) is not null))
        {
            listing.Write(line, session.Output, problems);
        }

        return problems.Any(static problem => !problem.Repaired && problem.Kind != StorageProblemKind.Leftover) ? ExitCode.Failure : result;
    }
}

/// <summary>Starts what runs whenever the machine does.</summary>
internal sealed class SystemBootVerb() : Verb(
    "boot", "Start the containers of policy always, and of unless-stopped unless somebody has stopped them", "can system boot")
{
    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session) => MachineTurns.Run(session, "Started", session.Engine.Containers.StartForBoot);
}

/// <summary>Stops everything because the machine ends.</summary>
internal sealed class SystemShutdownVerb() : Verb(
    "shutdown", "Stop all containers as at the end of the machine: boot starts again what was not stopped before", "can system shutdown")
{
    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session) => MachineTurns.Run(session, "Stopped", session.Engine.Containers.StopForShutdown);
}

/// <summary>What the beginning and the end of the machine have in common.</summary>
internal static class MachineTurns
{
    /// <summary>Does it, and says to which containers.</summary>
    public static int Run(
        Session session, string done, Func<Action<CanException>, CancellationToken, IReadOnlyList<Can.Engine.Containers.Container>> work)
    {
        var result = ExitCode.Success;
        var containers = work(
            error =>
            {
                session.Complain(error);
                result = ExitCode.Failure;
            },
            session.Cancellation);
        foreach (var container in containers)
        {
            session.Output.WriteLine($"{done} {container.Name}");
        }

        return result;
    }
}
