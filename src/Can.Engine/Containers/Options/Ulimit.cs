using System.Globalization;

namespace Can.Engine.Containers;

/// <summary>A limit of setrlimit(2).</summary>
/// <param name="Name">The resource in lower case, such as <c>nofile</c>.</param>
/// <param name="Soft">Soft limit; -1 is unlimited.</param>
/// <param name="Hard">Hard limit; -1 is unlimited.</param>
public sealed partial record Ulimit(string Name, long Soft, long Hard)
{
    // In the order of the kernel's numbers, <asm-generic/resource.h>.
    private static readonly string[] Resources =
    [
        "cpu", "fsize", "data", "stack", "core", "rss", "nproc", "nofile",
        "memlock", "as", "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime",
    ];

    /// <summary>Names of all resources.</summary>
    public static IReadOnlyList<string> Names => Resources;

    /// <summary>Number of a resource (RLIMIT_*); -1 when there is none of this name.</summary>
    internal static int ResourceOf(string name) => Array.IndexOf(Resources, name);

    /// <summary>The text form.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}={Soft}:{Hard}");
}
