using System.Globalization;
using Can.Cli.Common.Listing;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Facts of containers in Docker's words.</summary>
internal static class ContainerText
{
    /// <summary>The state as one word, such as <c>running</c> or <c>paused</c>.</summary>
    public static string State(Container container) => container.State switch
    {
        ContainerState.Suspended => "paused",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>The state as people read it, such as <c>Up 5 minutes (healthy)</c>.</summary>
    public static string Status(Container container) => container.State switch
    {
        ContainerState.Created => "Created",
        ContainerState.Exited => $"Exited ({Code(container)}) {Since(container.FinishedAt)}",
        ContainerState.Restarting => $"Restarting ({Code(container)}) {Since(container.FinishedAt)}",
        ContainerState.Suspended => $"Up {For(container.StartedAt)} (Paused)",
        _ => $"Up {For(container.StartedAt)}{HealthOf(container)}",
    };

    /// <summary>Published ports and those that are only exposed.</summary>
    public static string Ports(Container container) =>
        container.State is ContainerState.Created or ContainerState.Exited ? "" : string.Join(", ", container.Ports.Select(static port => $"{port.HostEnd}->{port.ContainerEnd}")
            .Concat(container.ExposedPorts.Where(exposed => !container.Ports.Any(port => port.ContainerEnd == exposed))));

    private static string Code(Container container) => (container.ExitCode ?? 0).ToString(CultureInfo.InvariantCulture);

    private static string Since(DateTimeOffset? moment) => moment is { } known ? Human.Since(known) : "";

    private static string For(DateTimeOffset? moment) => moment is { } known ? Human.Duration(Human.Elapsed(known)) : "";

    private static string HealthOf(Container container) => container.Health?.Status switch
    {
        null => "",
        HealthStatus.Starting => " (health: starting)",
        { } status => $" ({status.ToString().ToLowerInvariant()})",
    };
}
