using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Images;

namespace Can.Cli.Images;

/// <summary>Brings images in from an archive.</summary>
internal sealed class LoadVerb : Verb
{
    private readonly Option<string?> input = Opt.Text("--input|-i", "FILE", "Archive or directory; standard input if left out");
    private readonly Option<bool> quiet = Opt.Flag("--quiet|-q", "No progress");
    private readonly Option<long?> maximum = ImageOptions.MaximumSize();

    public LoadVerb()
        : base("load", "Load images from what docker save, podman save or skopeo wrote, compressed or not", "can load -i busybox.tar", "docker save busybox | can load") =>
        Add(input, quiet, maximum);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var source = ArchiveSource.Open(line.GetValue(input), "-i FILE");
        var options = new ImportOptions { MaximumSize = line.GetValue(maximum) };
        foreach (var image in source.Import(session, options, line.GetValue(quiet)))
        {
            WriteLoaded(session, image);
        }

        return ExitCode.Success;
    }

    private static void WriteLoaded(Session session, Image image)
    {
        if (image.References.Count == 0)
        {
            session.Output.WriteLine($"Loaded image ID: {ImageText.Id(image, full: true)}");
        }

        foreach (var reference in image.References)
        {
            session.Output.WriteLine($"Loaded image: {reference}");
        }
    }
}
