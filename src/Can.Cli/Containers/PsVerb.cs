using System.CommandLine;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Lists containers.</summary>
internal sealed class PsVerb : Verb
{
    private readonly Option<bool> all = Opt.Flag("--all|-a", "Also those that do not run");
    private readonly Option<long?> last = Opt.Number("--last|-n", "NUMBER", "The latest ones made, whatever their state");
    private readonly Option<bool> latest = Opt.Flag("--latest|-l", "The latest one made, whatever its state");
    private readonly Option<bool> whole = Opt.Flag("--no-trunc", "Whole Ids and commands");

    private readonly Filters<Container> filters;
    private readonly Listing<Container> listing;
    private bool full;
    private ContainerService? containers;

    public PsVerb(string name = "ps")
        : base(name, "List containers", "can ps -a", "can ps -q --filter label=web", "can ps --format '{{.Names}} {{.Status}}'", "can ps -a --format json")
    {
        filters = new(
            ("id", static (container, value) => container.Id.StartsWith(value, StringComparison.Ordinal)),
            ("name", static (container, value) => container.Name.Contains(value.TrimStart('/'), StringComparison.Ordinal)),
            ("status", static (container, value) => ContainerText.State(container) == value),
            ("label", static (container, value) => Filters.HasLabel(container.Labels, value)),
            ("ancestor", static (container, value) => IsOf(container, value)),
            ("exited", static (container, value) => container.ExitCode?.ToString() == value),
            ("health", static (container, value) => (container.Health is { } health ? health.Status.ToString().ToLowerInvariant() : "none") == value),
            ("network", static (container, value) => container.Networks.Contains(value)),
            ("volume", static (container, value) => container.Mounts.Any(mount => mount.Source == value || mount.Target == value)),
            ("publish", static (container, value) => container.Ports.Any(port => port.ContainerEnd == PortText.EndOf(value))),
            ("expose", static (container, value) => container.ExposedPorts.Contains(PortText.EndOf(value)) || container.Ports.Any(port => port.ContainerEnd == PortText.EndOf(value))),
            ("before", (container, value) => container.CreatedAt < Made(value)),
            ("since", (container, value) => container.CreatedAt > Made(value)));
        listing = new(
            new("ID", "CONTAINER ID", container => full ? container.Id : container.ShortId),
            new("Image", "IMAGE", static container => container.Image),
            new("Command", "COMMAND", Command),
            new("RunningFor", "CREATED", static container => Human.Since(container.CreatedAt)),
            new("Status", "STATUS", ContainerText.Status),
            new("Ports", "PORTS", ContainerText.Ports),
            new("Names", "NAMES", static container => container.Name),
            new("State", null, ContainerText.State),
            new("CreatedAt", null, static container => Human.Moment(container.CreatedAt)),
            new("Labels", null, static container => string.Join(',', container.Labels.Select(static label => $"{label.Key}={label.Value}"))),
            new("Mounts", null, static container => string.Join(',', container.Mounts.Select(static mount => mount.Source))),
            new("Networks", null, static container => string.Join(',', container.Networks)));
        Add(all, last, latest, whole, listing.Quiet, listing.Format, filters.Option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        full = line.GetValue(whole);
        containers = session.Engine.Containers;
        var result = ExitCode.Success;
        var listed = session.Engine.Containers.List(error =>
        {
            session.Complain(error);
            result = ExitCode.Failure;
        }).Reverse();
        var most = line.GetValue(latest) ? 1 : line.GetValue(last);
        if (!line.GetValue(all) && most is null && !filters.Has(line, "status") && !filters.Has(line, "exited"))
        {
            listed = listed.Where(static container => container.State is not (ContainerState.Created or ContainerState.Exited));
        }

        var found = filters.Apply(line, listed);
        listing.Write(line, session.Output, most is { } number && number < found.Count ? found[..(int)Math.Max(0, number)] : found);
        return result;
    }

    private DateTimeOffset Made(string name) => containers!.Find(name).CreatedAt;

    private string Command(Container container)
    {
        var command = string.Join(' ', container.Command);
        return $"\"{(full ? command : Human.Cut(command, 20))}\"";
    }

    private static bool IsOf(Container container, string image) =>
        container.Image == image || container.Image == $"{image}:latest" || (image.Length >= 4 && container.ImageId.StartsWith(image, StringComparison.Ordinal));
}
