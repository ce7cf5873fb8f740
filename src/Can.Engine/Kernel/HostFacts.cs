using System.Globalization;
using Can.Engine.Kernel.Cgroups;

namespace Can.Engine.Kernel;

/// <summary>What this host can do, read once and never assumed.</summary>
public sealed partial record HostFacts
{
    private static readonly Lazy<HostFacts> Cached = new(Read);

    /// <summary>The facts of this host.</summary>
    public static HostFacts Current => Cached.Value;

    /// <summary>The cgroup hierarchies.</summary>
    public required CgroupLayout Cgroups { get; init; }

    /// <summary>Bit mask of the capabilities this process may hand on (its permitted and bounding sets).</summary>
    public required ulong Capabilities { get; init; }

    /// <summary>Kernel release, such as 6.1.</summary>
    public required Version KernelVersion { get; init; }

    /// <summary>Processors that are online.</summary>
    public required int Processors { get; init; }

    /// <summary>Paths below /proc and /sys, of those that a container may have to hide or protect, that exist here.</summary>
    public required IReadOnlySet<string> SystemPaths { get; init; }

    private static HostFacts Read()
    {
        var cgroups = CgroupLayout.Read();
        return new()
        {
            Cgroups = cgroups,
            Capabilities = CapabilitiesOf(KernelFile.TryRead("/proc/self/status")),
            KernelVersion = Environment.OSVersion.Version,
            Processors = cgroups.OnlineProcessors.Count,
            SystemPaths = SystemPathList.Existing(),
        };
    }

    /// <summary>Permitted and bounding set of proc_pid_status(5).</summary>
    internal static ulong CapabilitiesOf(string? status)
    {
        var (permitted, bounding) = (0UL, 0UL);
        foreach (var line in KernelFile.Lines(status))
        {
            if (line.StartsWith("CapPrm:", StringComparison.Ordinal))
            {
                permitted = ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("CapBnd:", StringComparison.Ordinal))
            {
                bounding = ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
        }

        return permitted & bounding;
    }
}
