using System.CommandLine;
using Can.Cli.Common;
using Can.Engine;
using Can.Engine.Containers;
using Can.Engine.Kernel;

namespace Can.Cli.Containers;

/// <summary>Copies files between a container and the host.</summary>
internal sealed class CopyVerb : Verb
{
    private readonly Option<bool> archive = Opt.Flag("--archive|-a", "Keep owners, set-id bits, attributes and devices");
    private readonly Option<bool> follow = Opt.Flag("--follow-link|-L", "Copy what a link as source leads to");
    private readonly Option<bool> force = Opt.Flag("--force|-f", "Let a directory replace a file, and a file a directory");
    private readonly Option<bool> quiet = Opt.Flag("--quiet|-q", "Accepted for Docker's sake: no progress is shown anyway");
    private readonly Argument<string[]> paths = Arg.Many("PATH", "Sources and the destination; those of the container as CONTAINER:PATH, and - for a tar archive on standard input or output");

    public CopyVerb()
        : base(
            "cp", "Copy files between a container and the host", "can cp site.conf web:/etc/", "can cp web:/var/log/. logs", "can cp web:/etc - | tar t",
            "tar c site | can cp - web:/srv")
    {
        Add(archive, follow, force, quiet);
        Add(paths);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var sides = Array.ConvertAll(line.GetValue(paths)!, CopyArgument.Parse);
        var from = sides[0].Container;
        var to = sides[^1].Container;
        if (sides.Length < 2 || from is null == to is null || sides[..^1].Any(side => side.Container != from))
        {
            throw new UsageException("one side must be a container, written as CONTAINER:PATH, and the other the host; between two containers copy by way of the host");
        }

        var options = new CopyOptions { Archive = line.GetValue(archive), FollowLinks = line.GetValue(follow), Force = line.GetValue(force) };
        var containers = session.Engine.Containers;
        var id = containers.Find(from ?? to!).Id;
        if (sides.Any(static side => side is (null, "-")))
        {
            CopyArchive(session, id, sides, options);
        }
        else if (to is null)
        {
            containers.CopyFrom(id, Array.ConvertAll(sides[..^1], static side => side.Path), OnHost(sides[^1].Path), options, progress: null, session.Cancellation);
        }
        else
        {
            containers.CopyTo(id, Array.ConvertAll(sides[..^1], static side => OnHost(side.Path)), sides[^1].Path, options, progress: null, session.Cancellation);
        }

        return ExitCode.Success;
    }

    // Without a token: input may not come for long, and nothing is left half done that a signal could not end as it is.
    private static void CopyArchive(Session session, string id, CopyArgument[] sides, CopyOptions options)
    {
        if (sides is not [var from, var to])
        {
            throw new UsageException("- stands for one archive, and there can be nothing beside it");
        }

        if (from.Container is null)
        {
            if (!Console.IsInputRedirected)
            {
                throw new UsageException("standard input is a terminal, which has no archive to give; pipe one in");
            }

            session.Engine.Containers.CopyTo(id, new DescriptorStream(0), to.Path, options, progress: null, CancellationToken.None);
            return;
        }

        if (!Console.IsOutputRedirected)
        {
            throw new CanException("OutputIsTerminal", CanErrorCategory.InvalidArgument, "An archive is not for a terminal. Redirect standard output, or give a path instead of -.");
        }

        session.Engine.Containers.CopyFrom(id, from.Path, DescriptorStream.StandardOutput(), options, progress: null, CancellationToken.None);
    }

    // What stands behind the last slash says whether a directory or its content is meant.
    private static string OnHost(string path)
    {
        var end = path.EndsWith("/.", StringComparison.Ordinal) || path == "." ? "/." : path is [_, .., '/'] ? "/" : "";
        var whole = Path.GetFullPath(path).TrimEnd('/');
        return whole.Length == 0 ? $"/{end.TrimStart('/')}" : whole + end;
    }
}
