using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Images;

namespace Can.Cli.Images;

/// <summary>Makes an image of a root file system.</summary>
internal sealed class ImportVerb : Verb
{
    private readonly Argument<string> source = Arg.One("FILE|DIRECTORY|-", "Archive or directory of a root file system; - for standard input");
    private readonly Argument<string?> reference = Arg.Maybe("REFERENCE", "What the image is to be called");
    private readonly Option<IReadOnlyList<string>> command = Opt.Texts("--cmd", "WORD", "Command that a container runs; once for each word (/bin/sh if left out)");
    private readonly Option<IReadOnlyList<string>> entrypoint = Opt.Texts("--entrypoint", "WORD", "What stands in front of every command; once for each word");
    private readonly Option<IReadOnlyList<string>> environment = Opt.Texts("--env|-e", "NAME=VALUE", "Environment variable of its containers");
    private readonly Option<IReadOnlyList<string>> labels = Opt.Texts("--label|-l", "NAME=VALUE", "Label");
    private readonly Option<string?> user = Opt.Text("--user|-u", "USER[:GROUP]", "Who its containers run as");
    private readonly Option<string?> directory = Opt.Text("--workdir|-w", "PATH", "Where its containers begin");
    private readonly Option<IReadOnlyList<string>> changes = Opt.Texts("--change|-c", "INSTRUCTION", "CMD, ENTRYPOINT, ENV, LABEL, USER, WORKDIR, EXPOSE, VOLUME or STOPSIGNAL, as in a Dockerfile");
    private readonly Option<bool> quiet = Opt.Flag("--quiet|-q", "No progress");
    private readonly Option<long?> maximum = ImageOptions.MaximumSize();

    public ImportVerb()
        : base(
            "import", "Make an image of the archive of a root file system", "can import root.tar.gz busybox", "tar -C root -c . | can import - busybox:1",
            "can import --cmd httpd --cmd -f root.tar web", "can import -c 'CMD [\"httpd\", \"-f\"]' -c 'EXPOSE 80' -c 'ENV A=1' root.tar web")
    {
        Add(source);
        Add(reference);
        Add(command, entrypoint, environment, labels, user, directory, changes, quiet, maximum);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var options = new ImportOptions
        {
            Reference = line.GetValue(reference),
            Configuration = Configuration(line),
            MaximumSize = line.GetValue(maximum),
        };
        foreach (var image in ArchiveSource.Open(line.GetValue(source), "a FILE").Import(session, options, line.GetValue(quiet)))
        {
            session.Output.WriteLine(ImageText.Id(image, full: true));
        }

        return ExitCode.Success;
    }

    // Without any of them the image gets the engine's own defaults.
    private ImageConfiguration? Configuration(ParseResult line)
    {
        Option[] given = [command, entrypoint, environment, labels, user, directory, changes];
        if (!Array.Exists(given, option => line.GetResult(option) is { Implicit: false }))
        {
            return null;
        }

        var words = line.GetValue(command)!;
        var front = line.GetValue(entrypoint)!;
        return new ImageConfiguration
        {
            Command = words.Count > 0 || front.Count > 0 ? words : ["/bin/sh"],
            Entrypoint = front,
            Environment = line.GetValue(environment)!,
            Labels = Pairs.Of(line.GetValue(labels)!),
            User = line.GetValue(user) ?? "",
            WorkingDirectory = line.GetValue(directory) ?? "",
        }.With(line.GetValue(changes)!);
    }
}
