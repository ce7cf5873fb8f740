using System.Text.Json;

namespace Can.Engine.Containers;

/// <summary>A restart policy as it is in container.json: the condition as text, since looking up the names of an enumeration takes reflection.</summary>
/// <param name="Condition">Name of the <see cref="RestartCondition"/>.</param>
/// <param name="MaximumRetries">As <see cref="RestartPolicy.MaximumRetries"/>.</param>
internal sealed record StoredRestartPolicy(string Condition, int MaximumRetries)
{
    /// <summary>A policy for the store.</summary>
    public static StoredRestartPolicy Of(RestartPolicy policy) => new(NameOf(policy.Condition), policy.MaximumRetries);

    /// <summary>The policy that it is.</summary>
    /// <exception cref="JsonException">There is no such condition.</exception>
    public RestartPolicy ToPolicy() => new(
        Condition switch
        {
            nameof(RestartCondition.No) => RestartCondition.No,
            nameof(RestartCondition.OnFailure) => RestartCondition.OnFailure,
            nameof(RestartCondition.Always) => RestartCondition.Always,
            nameof(RestartCondition.UnlessStopped) => RestartCondition.UnlessStopped,
            _ => throw new JsonException($"'{Condition}' is no condition of a restart policy."),
        },
        MaximumRetries);

    private static string NameOf(RestartCondition condition) => condition switch
    {
        RestartCondition.No => nameof(RestartCondition.No),
        RestartCondition.OnFailure => nameof(RestartCondition.OnFailure),
        RestartCondition.Always => nameof(RestartCondition.Always),
        RestartCondition.UnlessStopped => nameof(RestartCondition.UnlessStopped),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "There is no such condition."),
    };
}
