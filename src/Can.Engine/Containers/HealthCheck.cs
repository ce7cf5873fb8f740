using System.Text.Json.Serialization;

namespace Can.Engine.Containers;

/// <summary>How to find out whether a container does its work: a command that is run in it again and again.</summary>
/// <remarks>
/// The <c>Healthcheck</c> of an image configuration (https://github.com/moby/docker-image-spec/blob/main/spec.md). What is null is
/// not said: in a container's options the image decides then, in an image Docker's default.
/// </remarks>
public sealed record HealthCheck
{
    /// <summary>Interval where none is given.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(30);

    /// <summary>Timeout where none is given.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Interval during the start period where none is given.</summary>
    public static readonly TimeSpan DefaultStartInterval = TimeSpan.FromSeconds(5);

    /// <summary>Retries where none are given.</summary>
    public const int DefaultRetries = 3;

    /// <summary><c>NONE</c>; <c>CMD</c>, program and arguments; or <c>CMD-SHELL</c> and a text for /bin/sh. Empty: not said.</summary>
    public required IReadOnlyList<string> Test { get; init; }

    /// <summary>Pause before a probe; at least 1 ms.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>How long a probe may take before it is killed and counts as failed; at least 1 ms.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long after the start failures do not count, until the first probe that succeeds.</summary>
    public TimeSpan? StartPeriod { get; init; }

    /// <summary>Pause before a probe during the start period; at least 1 ms.</summary>
    public TimeSpan? StartInterval { get; init; }

    /// <summary>How many probes in a row have to fail; at least 1.</summary>
    public int? Retries { get; init; }

    /// <summary>No health check, whatever the image says.</summary>
    public static HealthCheck None { get; } = new() { Test = ["NONE"] };

    /// <summary>A program and its arguments.</summary>
    public static HealthCheck Command(params IEnumerable<string> arguments) => new() { Test = ["CMD", .. arguments] };

    /// <summary>A text that /bin/sh of the container runs.</summary>
    public static HealthCheck Shell(string text) => new() { Test = ["CMD-SHELL", text] };

    /// <summary>The program that a probe runs, and its arguments; empty if there is none.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Arguments => Test switch
    {
        ["CMD", { Length: > 0 }, ..] => [.. Test.Skip(1)],
        ["CMD-SHELL", { Length: > 0 } text] => ["/bin/sh", "-c", text],
        _ => [],
    };
}
