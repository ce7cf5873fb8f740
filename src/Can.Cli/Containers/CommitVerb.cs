using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Images;

namespace Can.Cli.Containers;

/// <summary>Makes an image of a container.</summary>
internal sealed class CommitVerb : Verb
{
    private readonly Option<string?> author = Opt.Text("--author|-a", "NAME", "Who made it");
    private readonly Option<string?> message = Opt.Text("--message|-m", "TEXT", "What its history says");
    private readonly Option<bool> pause = new("--pause", "-p") { Description = "Freeze the container meanwhile; true by default", DefaultValueFactory = static _ => true };
    private readonly Option<IReadOnlyList<string>> changes = Opt.Texts("--change|-c", "INSTRUCTION", "CMD, ENTRYPOINT, ENV, LABEL, USER, WORKDIR, EXPOSE, VOLUME or STOPSIGNAL, as in a Dockerfile");
    private readonly Argument<string> name = Arg.One("CONTAINER", "Name, Id or beginning of an Id");
    private readonly Argument<string?> reference = Arg.Maybe("REFERENCE", "A name for the image, such as site:2");

    public CommitVerb()
        : base("commit", "Make an image of what a container has changed", "can commit c1 site:2", "can commit -m 'with nginx' -c 'CMD [\"nginx\", \"-g\", \"daemon off;\"]' c1 site:3")
    {
        Add(author, message, pause, changes);
        Add(name, reference);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var id = session.Engine.Containers.Find(line.GetValue(name)!).Id;
        var options = new CommitOptions
        {
            Reference = line.GetValue(reference),
            Author = line.GetValue(author),
            Message = line.GetValue(message),
            NoSuspend = !line.GetValue(pause),
        };
        foreach (var change in line.GetValue(changes)!)
        {
            options = options.With(change);
        }

        session.Output.WriteLine($"sha256:{session.Engine.Images.Commit(id, options, progress: null, session.Cancellation).Id}");
        return ExitCode.Success;
    }
}
