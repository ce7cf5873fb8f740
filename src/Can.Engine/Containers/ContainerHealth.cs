using System.Text.Json.Serialization;

namespace Can.Engine.Containers;

/// <summary>What a container's health check says.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealthStatus>))]
public enum HealthStatus
{
    /// <summary>No probe has succeeded yet, and not too many have failed.</summary>
    Starting,

    /// <summary>The latest probe succeeded, or not too many have failed since.</summary>
    Healthy,

    /// <summary>As many probes in a row as <see cref="HealthCheck.Retries"/> says have failed.</summary>
    Unhealthy,
}

/// <summary>A container's health, as its monitor found it; of one that has ended, as it was last.</summary>
/// <param name="Status">The result.</param>
/// <param name="FailingStreak">Probes that have failed since the latest one that succeeded; not those of the start period.</param>
/// <param name="LastExitCode">Exit code of the latest probe, 0 for success; -1: it was killed because it took too long; null: there was none yet.</param>
/// <param name="LastCheckedAt">When the latest probe ended; null: there was none yet.</param>
/// <param name="Output">The first 4 KiB of what the latest probe wrote.</param>
public sealed record ContainerHealth(HealthStatus Status, int FailingStreak, int? LastExitCode, DateTimeOffset? LastCheckedAt, string Output)
{
    /// <summary>Before the first probe.</summary>
    internal static ContainerHealth Unknown { get; } = new(HealthStatus.Starting, 0, null, null, "");

    /// <summary>The result.</summary>
    public override string ToString() => Status.ToString();
}
