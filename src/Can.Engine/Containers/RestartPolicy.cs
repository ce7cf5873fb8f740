using System.Text.Json.Serialization;

namespace Can.Engine.Containers;

/// <summary>When a container is started again after its command has ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RestartCondition>))]
public enum RestartCondition
{
    /// <summary>Never.</summary>
    No,

    /// <summary>When the exit code is not 0.</summary>
    OnFailure,

    /// <summary>Always, after a reboot too.</summary>
    Always,

    /// <summary>Always, unless it was stopped by hand.</summary>
    UnlessStopped,
}

/// <summary>A restart policy.</summary>
/// <param name="Condition">When to restart.</param>
/// <param name="MaximumRetries">Most retries for <see cref="RestartCondition.OnFailure"/>; 0 for no limit.</param>
public sealed partial record RestartPolicy(RestartCondition Condition, int MaximumRetries = 0)
{
    /// <summary>Never restart.</summary>
    public static RestartPolicy No { get; } = new(RestartCondition.No);
}
