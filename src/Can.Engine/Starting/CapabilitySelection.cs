using Can.Engine.Kernel;

namespace Can.Engine.Starting;

/// <summary>Docker's rule for additions and drops of capabilities.</summary>
internal static class CapabilitySelection
{
    /// <summary>The capabilities that remain.</summary>
    /// <param name="defaults">The set to begin with.</param>
    /// <param name="added">Names to add; <c>ALL</c> begins with every capability.</param>
    /// <param name="dropped">Names to drop; <c>ALL</c> begins with none, so that only the added names remain.</param>
    /// <remarks>moby, oci/caps: TweakCapabilities.</remarks>
    public static ulong Of(ulong defaults, IReadOnlyList<string> added, IReadOnlyList<string> dropped)
    {
        var additions = Mask(added.Where(name => !IsAll(name)));
        var drops = Mask(dropped.Where(name => !IsAll(name)));
        if (added.Any(IsAll))
        {
            return Capabilities.Parse("ALL") & ~drops;
        }

        return dropped.Any(IsAll) ? additions : (defaults & ~drops) | additions;
    }

    private static ulong Mask(IEnumerable<string> names) => names.Aggregate(0UL, (mask, name) => mask | Capabilities.Parse(name));

    /// <summary>Whether a name stands for every capability.</summary>
    public static bool IsAll(string name) => name.Equals("ALL", StringComparison.OrdinalIgnoreCase);
}
