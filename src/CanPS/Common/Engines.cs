using System.Collections.Concurrent;
using Can.Engine;

namespace CanPS.Common;

/// <summary>The engines of this process: one per root, so that a shell may change <c>$env:CAN_ROOT</c> between two commands.</summary>
internal static class Engines
{
    private static readonly ConcurrentDictionary<string, CanEngine> ByRoot = new(StringComparer.Ordinal);

    /// <summary>The engine over the root that the environment names now.</summary>
    public static CanEngine Current => ByRoot.GetOrAdd(Environment.GetEnvironmentVariable(CanRoot.Variable) ?? "", Make);

    /// <summary>The helper is staged beside this assembly; AppContext.BaseDirectory is pwsh's own.</summary>
    private static CanEngine Make(string root)
    {
        var module = Path.GetDirectoryName(typeof(Engines).Assembly.Location) ?? "";
        return new CanEngine(CanRoot.FromEnvironment(), Path.Combine(module, "can-monitor"));
    }
}
