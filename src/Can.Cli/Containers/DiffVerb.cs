using System.CommandLine;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Shows how a container's files differ from its image's.</summary>
internal sealed class DiffVerb : Verb
{
    private readonly Option<string?> format = Opt.Text("--format", "FORMAT", "json: an object a line");
    private readonly Argument<string> name = Arg.One("CONTAINER", "Name, Id or beginning of an Id");

    public DiffVerb()
        : base("diff", "Show which files of a container are added (A), changed (C) or deleted (D)", "can diff c1")
    {
        Add(format);
        Add(name);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var json = line.GetValue(format) switch
        {
            null or "table" => false,
            "json" => true,
            var other => throw new UsageException($"'{other}' is no format of diff; there is json"),
        };
        session.Engine.Containers.Compare(session.Engine.Containers.Find(line.GetValue(name)!).Id, change => session.Output.WriteLine(json ? Json(change) : $"{Letter(change)} {change.Path}"), session.Cancellation);
        return ExitCode.Success;
    }

    private static char Letter(ContainerChange change) => change.Kind switch
    {
        ContainerChangeKind.Added => 'A',
        ContainerChangeKind.Deleted => 'D',
        _ => 'C',
    };

    private static string Json(ContainerChange change) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("Kind", Letter(change).ToString());
        writer.WriteString("Path", change.Path);
        writer.WriteEndObject();
    });
}
