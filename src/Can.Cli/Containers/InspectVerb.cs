using System.CommandLine;
using System.Text.Json;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Cli.Images;
using Can.Cli.Networks;
using Can.Cli.Volumes;
using Can.Engine;

namespace Can.Cli.Containers;

/// <summary>Shows everything about containers, images, networks and volumes, whichever of the name is found first in this order.</summary>
internal sealed class InspectVerb : Verb
{
    private readonly Option<string?> format = Opt.Text("--format|-f", "FORMAT", "json (default), or a template such as '{{.State.Pid}}'");
    private readonly Option<string?> type = Opt.Text("--type", "container|image|network|volume", "Only objects of this kind");
    private readonly Argument<string[]> names = Arg.Many("CONTAINER|IMAGE", "Names, references, Ids or beginnings of Ids; of networks and volumes too");

    public InspectVerb()
        : base("inspect", "Show everything about containers, images, networks or volumes, as a JSON array", "can inspect web", "can inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' web", "can inspect --type image web", "can inspect web | jq '.[0].Config.Env'")
    {
        Add(format, type);
        Add(names);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var kind = line.GetValue(type);
        if (kind is not (null or "container" or "image" or "network" or "volume"))
        {
            throw new UsageException($"there is no type '{kind}'; there are container, image, network and volume");
        }

        var objects = new List<string>();
        var result = session.ForEach(line.GetValue(names)!, name => objects.Add(JsonText.Write(Find(session.Engine, kind, name))));
        Inspection.Write(line.GetValue(format), session.Output, objects);
        return result;
    }

    /// <summary>If there is nothing of the name, the error speaks of containers, or of what was asked for.</summary>
    private static Action<Utf8JsonWriter> Find(CanEngine engine, string? kind, string name) => kind switch
    {
        "image" => FindImage(engine, name),
        "network" => FindNetwork(engine, name),
        "volume" => FindVolume(engine, name),
        "container" => FindContainer(engine, name),
        _ => FindAny(engine, name),
    };

    private static Action<Utf8JsonWriter> FindAny(CanEngine engine, string name)
    {
        try
        {
            return FindContainer(engine, name);
        }
        catch (CanException error) when (error.ErrorId == "ContainerNotFound" && FindOther(engine, name) is { } other)
        {
            return other;
        }
    }

    private static Action<Utf8JsonWriter>? FindOther(CanEngine engine, string name) =>
        Try(FindImage, engine, name) ?? Try(FindNetwork, engine, name) ?? Try(FindVolume, engine, name);

    private static Action<Utf8JsonWriter>? Try(Func<CanEngine, string, Action<Utf8JsonWriter>> find, CanEngine engine, string name)
    {
        try
        {
            return find(engine, name);
        }
        catch (CanException)
        {
            // The name may not even be one that such an object could have.
            return null;
        }
    }

    private static Action<Utf8JsonWriter> FindContainer(CanEngine engine, string name) => new ContainerJson(engine.Containers, engine.Containers.Find(name)).Write;

    private static Action<Utf8JsonWriter> FindImage(CanEngine engine, string name)
    {
        var image = engine.Images.Get(name);
        return writer => ImageJson.Write(writer, image);
    }

    private static Action<Utf8JsonWriter> FindNetwork(CanEngine engine, string name)
    {
        var network = NetworkText.Find(engine, name);
        return writer => NetworkText.Write(writer, network, NetworkText.Members(engine, network));
    }

    private static Action<Utf8JsonWriter> FindVolume(CanEngine engine, string name)
    {
        var volume = VolumeInspectVerb.Get(engine, name);
        return writer => VolumeInspectVerb.Write(writer, volume);
    }
}
