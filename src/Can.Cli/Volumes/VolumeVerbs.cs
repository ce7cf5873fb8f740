using System.CommandLine;
using System.Text.Json;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Cli.Storage;
using Can.Engine;
using Can.Engine.Containers;
using Can.Engine.Storage.Upkeep;
using Can.Engine.Volumes;

namespace Can.Cli.Volumes;

/// <summary>The one kind of volume there is, in Docker's word.</summary>
internal static class VolumeDriver
{
    /// <summary>A directory of this host.</summary>
    public const string Name = "local";
}

/// <summary>Makes a volume.</summary>
internal sealed class VolumeCreateVerb : Verb
{
    private readonly Argument<string?> name = Arg.Maybe("NAME", "Name of the volume; one is made up if left out");
    private readonly Option<string?> driver = Opt.Text("--driver|-d", "DRIVER", $"{VolumeDriver.Name}, which is what there is");
    private readonly Option<IReadOnlyList<string>> labels = Opt.Texts("--label|-l", "NAME=VALUE", "Label");

    public VolumeCreateVerb()
        : base("create", "Make a volume", "can volume create data", "can volume create --label keep=yes data")
    {
        Add(name);
        Add(driver, labels);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        if (line.GetValue(driver) is { } other and not VolumeDriver.Name)
        {
            throw new UsageException($"there is no driver '{other}' for volumes, only {VolumeDriver.Name}");
        }

        session.Output.WriteLine(session.Engine.Volumes.Create(line.GetValue(name), Pairs.Of(line.GetValue(labels)!)).Name);
        return ExitCode.Success;
    }
}

/// <summary>Lists volumes.</summary>
internal sealed class VolumeLsVerb : Verb
{
    private readonly Filters<Volume> filters;
    private HashSet<string> used = [];

    private readonly Listing<Volume> listing = new(
        new("Name", "VOLUME NAME", static volume => volume.Name),
        new("CreatedAt", "CREATED", static volume => Human.Moment(volume.CreatedAt)),
        new("Mountpoint", "MOUNTPOINT", static volume => volume.Path),
        new("Anonymous", null, static volume => volume.Anonymous ? "true" : "false"),
        new("Labels", null, static volume => string.Join(',', volume.Labels.Select(static label => $"{label.Key}={label.Value}"))));

    public VolumeLsVerb()
        : base("ls", "List volumes", "can volume ls", "can volume ls -q --filter label=keep", "can volume ls --filter dangling=true", "can volume ls --format json")
    {
        filters = new(
            ("name", static (volume, value) => volume.Name.Contains(value, StringComparison.Ordinal)),
            ("label", static (volume, value) => Filters.HasLabel(volume.Labels, value)),
            ("driver", static (_, value) => value == VolumeDriver.Name),
            ("dangling", (volume, value) => used.Contains(volume.Name) != (value is "true" or "1")));
        Add(listing.Quiet, listing.Format, filters.Option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        if (filters.Has(line, "dangling"))
        {
            used = [.. session.Engine.Containers.List().SelectMany(static container => container.Mounts).Where(static mount => mount.Kind == MountKind.Volume).Select(static mount => mount.Source)];
        }

        listing.Write(line, session.Output, filters.Apply(line, session.Engine.Volumes.List()));
        return ExitCode.Success;
    }
}

/// <summary>Shows volumes whole.</summary>
internal sealed class VolumeInspectVerb() : InspectingVerb(
    "VOLUME", "Name", "Show everything about volumes", "can volume inspect data", "can volume inspect -f '{{.Mountpoint}}' data")
{
    /// <inheritdoc/>
    protected override Action<Utf8JsonWriter> Find(Session session, string name)
    {
        var volume = Get(session.Engine, name);
        return writer => Write(writer, volume);
    }

    /// <summary>The volume of a name.</summary>
    /// <exception cref="CanException"><c>VolumeNotFound</c></exception>
    public static Volume Get(CanEngine engine, string name) => engine.Volumes.TryGet(name) ?? throw new CanException(
        "VolumeNotFound", CanErrorCategory.ObjectNotFound, $"There is no volume named '{name}'. Get-CanVolume lists the volumes there are; names are case-sensitive.", name);

    /// <summary>Writes a volume.</summary>
    public static void Write(Utf8JsonWriter writer, Volume volume)
    {
        writer.WriteStartObject();
        writer.WriteString("Name", volume.Name);
        writer.WriteMoment("CreatedAt", volume.CreatedAt);
        writer.WriteString("Driver", VolumeDriver.Name);
        writer.WriteString("Scope", "local");
        writer.WriteString("Mountpoint", volume.Path);
        writer.WriteBoolean("Anonymous", volume.Anonymous);
        writer.WritePairs("Labels", volume.Labels);
        writer.WriteEndObject();
    }
}

/// <summary>Removes volumes.</summary>
internal sealed class VolumeRmVerb : Verb
{
    private readonly Argument<string[]> names = Arg.Many("VOLUME", "Name");
    private readonly Option<bool> force = Opt.Flag("--force|-f", "One that is not there is fine");

    public VolumeRmVerb()
        : base("rm", "Remove volumes with everything in them", "can volume rm data")
    {
        Add(names);
        Add(force);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session) => session.ForEach(line.GetValue(names)!, name =>
    {
        if (!line.GetValue(force) || session.Engine.Volumes.TryGet(name) is not null)
        {
            session.Engine.Volumes.Remove(name);
            session.Output.WriteLine(name);
        }
    });
}

/// <summary>Removes volumes that no container has.</summary>
internal sealed class VolumePruneVerb : Verb
{
    private readonly Option<bool> all = Opt.Flag("--all|-a", "Also those that have a name");
    private readonly Confirmation confirmation = new();

    public VolumePruneVerb()
        : base("prune", "Remove the volumes without a name that no container has", "can volume prune", "can volume prune -a -f") => Add(all, confirmation.Force);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session) =>
        confirmation.IsGiven(line, session, $"every volume{(line.GetValue(all) ? "" : " without a name")} that no container has")
            ? new Pruning(session).Of(StorageKind.Volume, line.GetValue(all)).End()
            : ExitCode.Failure;
}
