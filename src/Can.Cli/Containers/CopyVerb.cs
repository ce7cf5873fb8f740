using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Copies files between a container and the host.</summary>
internal sealed class CopyVerb : Verb
{
    private readonly Option<bool> archive = Opt.Flag("--archive|-a", "Keep owners, set-id bits, attributes and devices");
    private readonly Option<bool> follow = Opt.Flag("--follow-link|-L", "Copy what a link as source leads to");
    private readonly Option<bool> force = Opt.Flag("--force|-f", "Let a directory replace a file, and a file a directory");
    private readonly Argument<string[]> paths = Arg.Many("PATH", "Sources and the destination; those of the container as CONTAINER:PATH");

    public CopyVerb()
        : base("cp", "Copy files between a container and the host", "can cp site.conf web:/etc/", "can cp web:/var/log/. logs")
    {
        Add(archive, follow, force);
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
        if (to is null)
        {
            containers.CopyFrom(id, Array.ConvertAll(sides[..^1], static side => side.Path), OnHost(sides[^1].Path), options, progress: null, session.Cancellation);
        }
        else
        {
            containers.CopyTo(id, Array.ConvertAll(sides[..^1], static side => OnHost(side.Path)), sides[^1].Path, options, progress: null, session.Cancellation);
        }

        return ExitCode.Success;
    }

    // What stands behind the last slash says whether a directory or its content is meant.
    private static string OnHost(string path)
    {
        var end = path.EndsWith("/.", StringComparison.Ordinal) || path == "." ? "/." : path is [_, .., '/'] ? "/" : "";
        var whole = Path.GetFullPath(path).TrimEnd('/');
        return whole.Length == 0 ? $"/{end.TrimStart('/')}" : whole + end;
    }
}
