using System.Globalization;
using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Networks;

namespace CanPS;

/// <summary>Texts for the format views (<c>Can.Format.ps1xml</c>), which call it.</summary>
public static class Display
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>How long ago a time is, in its largest unit: <c>5m</c>.</summary>
    public static string Age(DateTimeOffset time) => Span(DateTimeOffset.UtcNow - time);

    /// <summary>A span of time in its largest unit, as <c>850ms</c>, <c>5m</c> or <c>3d</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 0 } => "0s",
        { TotalSeconds: < 1 } => Whole(span.TotalMilliseconds, "ms"),
        { TotalMinutes: < 1 } => Whole(span.TotalSeconds, "s"),
        { TotalHours: < 1 } => Whole(span.TotalMinutes, "m"),
        { TotalDays: < 1 } => Whole(span.TotalHours, "h"),
        _ => Whole(span.TotalDays, "d"),
    };

    /// <summary>Bytes with PowerShell's units of 1024: <c>64 MB</c>, <c>1.5 GB</c>.</summary>
    public static string Size(long? bytes)
    {
        if (bytes is not { } value)
        {
            return "";
        }

        double size = value;
        var unit = 0;
        while (Math.Abs(size) >= 1024 && unit < Units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return size.ToString(size < 10 && unit > 0 ? "0.#" : "0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    /// <summary>A container's state with what matters in it: <c>Running 5m (healthy)</c>, <c>Exited (137, OOM) 3s ago</c>.</summary>
    public static string State(Container container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return container switch
        {
            { State: ContainerState.Created } => "Created",
            { State: ContainerState.Exited or ContainerState.Restarting, ExitCode: { } code } =>
                $"{container.State} ({code}{(container.OomKilled ? ", OOM" : "")}){Ago(container.FinishedAt)}",
            { StartedAt: { } started } => $"{container.State} {Age(started)}{Health(container)}",
            _ => container.State.ToString(),
        };
    }

    /// <summary>A program and its arguments as one text; words with spaces in quotes.</summary>
    public static string CommandLine(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return string.Join(' ', words.Select(word => word.Length == 0 || word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word));
    }

    /// <summary>
    /// Published ports, as <c>8080→80, *:53→53/udp</c>: the host's address is left out where it is 127.0.0.1, and * for all of them; TCP
    /// goes without saying.
    /// </summary>
    public static string Ports(IEnumerable<PublishedPort> ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        return string.Join(", ", ports.Select(static port =>
        {
            var address = port.Address switch
            {
                PortMapping.DefaultAddress => "",
                "0.0.0.0" => "*:",
                var other when other.Contains(':', StringComparison.Ordinal) => $"[{other}]:",
                var other => $"{other}:",
            };
            var protocol = port.Protocol == TransportProtocol.Tcp ? "" : $"/{port.Protocol.ToString().ToLowerInvariant()}";
            return string.Create(CultureInfo.InvariantCulture, $"{address}{port.HostPort}→{port.ContainerPort}{protocol}");
        }));
    }

    /// <summary>Limits that are set, as <c>Memory=64 MB Cpus=0.5</c>.</summary>
    public static string Limits(ResourceLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        (string Name, string? Value)[] texts =
        [
            ("Memory", limits.MemoryBytes is { } memory ? Size(memory) : null),
            ("MemorySwap", limits.MemorySwapBytes is { } swap ? swap < 0 ? "unlimited" : Size(swap) : null),
            ("Cpus", limits.Cpus?.ToString(CultureInfo.InvariantCulture)),
            ("CpuShares", limits.CpuShares?.ToString(CultureInfo.InvariantCulture)),
            ("CpuSet", limits.CpuSet),
            ("PidsLimit", limits.PidsLimit?.ToString(CultureInfo.InvariantCulture)),
            ("BlkioWeight", limits.BlkioWeight?.ToString(CultureInfo.InvariantCulture)),
        ];
        return string.Join(", ", texts.Where(text => text.Value is not null).Select(text => $"{text.Name}={text.Value}"));
    }

    private static string Health(Container container) =>
        container.Health is { } health ? $" ({health.Status.ToString().ToLowerInvariant()})" : "";

    private static string Ago(DateTimeOffset? time) => time is { } value ? $" {Age(value)} ago" : "";

    private static string Whole(double count, string unit) => Math.Floor(count).ToString("0", CultureInfo.InvariantCulture) + unit;
}
