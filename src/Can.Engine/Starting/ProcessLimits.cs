using Can.Engine.Containers;
using Can.Engine.Kernel;

namespace Can.Engine.Starting;

/// <summary>The limits of setrlimit(2) that a container's processes start with.</summary>
internal static class ProcessLimits
{
    // Docker's: what select(2) can hold, and what programs may raise it to. Always set, for .NET raises the soft limit of the
    // process that starts the container to the hard one.
    private static readonly Ulimit DefaultOpenFiles = new("nofile", 1024, 524288);

    /// <summary>The caller's limits and the one for open files.</summary>
    /// <exception cref="CanException"><c>UlimitTooHigh</c>, <c>UlimitInvalid</c></exception>
    public static IReadOnlyList<(int Resource, ulong Soft, ulong Hard)> Of(IReadOnlyList<Ulimit> limits, HostFacts host)
    {
        var result = new List<(int Resource, ulong Soft, ulong Hard)>(limits.Count + 1);
        if (!limits.Any(limit => limit.Name == DefaultOpenFiles.Name))
        {
            result.Add(Capped(DefaultOpenFiles, host));
        }

        foreach (var limit in limits)
        {
            RequireAllowed(limit, host);
            result.Add((Ulimit.ResourceOf(limit.Name), Value(limit.Soft), Value(limit.Hard)));
        }

        return result;
    }

    /// <summary>Raising a hard limit takes CAP_SYS_RESOURCE.</summary>
    /// <exception cref="CanException"><c>UlimitTooHigh</c></exception>
    public static void RequireAllowed(Ulimit limit, HostFacts host)
    {
        if (!CanRaise(host) && Value(limit.Hard) > HardLimit(Ulimit.ResourceOf(limit.Name), host))
        {
            throw new CanException(
                "UlimitTooHigh", CanErrorCategory.PermissionDenied,
                $"Limit '{limit}' is above this host's hard limit of {HardLimit(Ulimit.ResourceOf(limit.Name), host)}, and CAP_SYS_RESOURCE, which could raise it, is missing here. Ask for less, or raise the limit of the shell.",
                limit);
        }
    }

    private static (int Resource, ulong Soft, ulong Hard) Capped(Ulimit limit, HostFacts host)
    {
        var resource = Ulimit.ResourceOf(limit.Name);
        var hard = CanRaise(host) ? Value(limit.Hard) : Math.Min(Value(limit.Hard), HardLimit(resource, host));
        return (resource, Math.Min(Value(limit.Soft), hard), hard);
    }

    private static bool CanRaise(HostFacts host) => (host.Capabilities & Capabilities.Parse("SYS_RESOURCE")) != 0;

    private static ulong HardLimit(int resource, HostFacts host) =>
        resource < host.HardLimits.Count ? host.HardLimits[resource] : ulong.MaxValue;

    private static ulong Value(long limit) => limit < 0 ? ulong.MaxValue : (ulong)limit;
}
