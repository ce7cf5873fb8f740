using System.CommandLine;
using System.Text.Json;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Cli.Images;
using Can.Engine;
using Can.Engine.Images;

namespace Can.Cli.Containers;

/// <summary>Shows everything about containers, or about images where there is no container of the name.</summary>
internal sealed class InspectVerb : Verb
{
    private readonly Option<string?> format = Opt.Text("--format|-f", "FORMAT", "json (default), or a template such as '{{.State.Pid}}'");
    private readonly Argument<string[]> names = Arg.Many("CONTAINER|IMAGE", "Names, references, Ids or beginnings of Ids");

    public InspectVerb()
        : base("inspect", "Show everything about containers or images, as a JSON array", "can inspect web", "can inspect -f '{{.NetworkSettings.IPAddress}}' web", "can inspect web | jq '.[0].Config.Env'")
    {
        Add(format);
        Add(names);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var objects = new List<string>();
        var result = session.ForEach(line.GetValue(names)!, name => objects.Add(JsonText.Write(Find(session.Engine, name))));
        Inspection.Write(line.GetValue(format), session.Output, objects);
        return result;
    }

    /// <summary>A container of the name comes before an image; if there is neither, the error speaks of containers.</summary>
    private static Action<Utf8JsonWriter> Find(CanEngine engine, string name)
    {
        try
        {
            return new ContainerJson(engine.Containers, engine.Containers.Find(name)).Write;
        }
        catch (CanException error) when (error.ErrorId == "ContainerNotFound" && FindImage(engine, name) is { } image)
        {
            return writer => ImageJson.Write(writer, image);
        }
    }

    private static Image? FindImage(CanEngine engine, string name)
    {
        try
        {
            return engine.Images.Get(name);
        }
        catch (CanException error) when (error.ErrorId is "ImageNotFound" or "ImageIdAmbiguous")
        {
            return null;
        }
    }
}
