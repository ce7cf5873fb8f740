using System.CommandLine;
using Can.Cli.Common;
using Can.Cli.Common.Listing;

namespace Can.Cli.Containers;

/// <summary>Shows everything about containers.</summary>
internal sealed class InspectVerb : Verb
{
    private readonly Option<string?> format = Opt.Text("--format|-f", "FORMAT", "json (default), or a template such as '{{.State.Pid}}'");
    private readonly Argument<string[]> names = Arg.Many("CONTAINER", "Names, Ids or beginnings of Ids");

    public InspectVerb()
        : base("inspect", "Show everything about containers, as a JSON array", "can inspect web", "can inspect -f '{{.NetworkSettings.IPAddress}}' web", "can inspect web | jq '.[0].Config.Env'")
    {
        Add(format);
        Add(names);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var objects = new List<string>();
        var result = session.ForEach(line.GetValue(names)!, name =>
        {
            var container = session.Engine.Containers.Find(name);
            objects.Add(JsonText.Write(writer => new ContainerJson(session.Engine.Containers, container).Write(writer)));
        });
        Inspection.Write(line.GetValue(format), session.Output, objects);
        return result;
    }
}
