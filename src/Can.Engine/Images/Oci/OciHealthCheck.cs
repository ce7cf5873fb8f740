using System.Text.Json;
using Can.Engine.Containers;

namespace Can.Engine.Images.Oci;

/// <summary>A configuration's <c>Healthcheck</c>, Docker's addition to the specification. Durations are in nanoseconds, 0 is the default.</summary>
/// <remarks>https://github.com/moby/docker-image-spec/blob/main/spec.md</remarks>
internal sealed record OciHealthCheck
{
    public IReadOnlyList<string>? Test { get; init; }

    public long? Interval { get; init; }

    public long? Timeout { get; init; }

    public long? StartPeriod { get; init; }

    public long? StartInterval { get; init; }

    public int? Retries { get; init; }

    /// <summary>The same in the engine's terms; null when it says nothing. Values that nobody can mean are not said.</summary>
    public HealthCheck? ToHealthCheck() => Test is not { Count: > 0 } test ? null : new HealthCheck
    {
        Test = test,
        Interval = Duration(Interval),
        Timeout = Duration(Timeout),
        StartPeriod = Duration(StartPeriod),
        StartInterval = Duration(StartInterval),
        Retries = Retries > 0 ? Retries : null,
    };

    /// <summary>Writes it as the member <c>Healthcheck</c> of the object that is being written; nothing for null.</summary>
    public static void Write(Utf8JsonWriter json, HealthCheck? check)
    {
        if (check is null)
        {
            return;
        }

        json.WriteStartObject("Healthcheck");
        json.WriteStartArray(nameof(check.Test));
        foreach (var word in check.Test)
        {
            json.WriteStringValue(word);
        }

        json.WriteEndArray();
        WriteDuration(json, "Interval", check.Interval);
        WriteDuration(json, "Timeout", check.Timeout);
        WriteDuration(json, "StartPeriod", check.StartPeriod);
        WriteDuration(json, "StartInterval", check.StartInterval);
        if (check.Retries is { } retries)
        {
            json.WriteNumber(nameof(check.Retries), retries);
        }

        json.WriteEndObject();
    }

    /// <summary>Docker takes no less than a millisecond.</summary>
    private static TimeSpan? Duration(long? nanoseconds) =>
        nanoseconds >= 1_000_000 ? TimeSpan.FromTicks(nanoseconds.Value / TimeSpan.NanosecondsPerTick) : null;

    private static void WriteDuration(Utf8JsonWriter json, string name, TimeSpan? duration)
    {
        if (duration is { Ticks: > 0 } given)
        {
            json.WriteNumber(name, given.Ticks * TimeSpan.NanosecondsPerTick);
        }
    }
}
