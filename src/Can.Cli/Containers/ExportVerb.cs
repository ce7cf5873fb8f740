using System.CommandLine;
using Can.Cli.Common;
using Can.Engine;
using Can.Engine.Kernel;

namespace Can.Cli.Containers;

/// <summary>Writes a container's files into an archive.</summary>
internal sealed class ExportVerb : Verb
{
    private readonly Option<string?> output = Opt.Text("--output|-o", "FILE", "A file instead of standard output");
    private readonly Argument<string> name = Arg.One("CONTAINER", "Name, Id or beginning of an Id");

    public ExportVerb()
        : base("export", "Write a container's files into a tar archive", "can export -o c1.tar c1", "can export c1 | tar t")
    {
        Add(output);
        Add(name);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var containers = session.Engine.Containers;
        var container = containers.Find(line.GetValue(name)!);
        if (line.GetValue(output) is { } path)
        {
            containers.Export(container.Id, Path.GetFullPath(path), replace: true, progress: null, session.Cancellation);
        }
        else if (Console.IsOutputRedirected)
        {
            using var stream = new BufferedStream(DescriptorStream.StandardOutput(), 256 * 1024);
            containers.Export(container.Id, stream, progress: null, session.Cancellation);
        }
        else
        {
            throw new CanException("OutputIsTerminal", CanErrorCategory.InvalidArgument, "An archive is not for a terminal. Give a file with -o, or redirect standard output.");
        }

        return ExitCode.Success;
    }
}
