namespace Can.Engine.Kernel;

/// <summary>Paths of /proc and /sys that a container does not get as they are: the best of Docker's and Podman's lists.</summary>
/// <remarks>Docker: <c>oci/defaults.go</c> of moby; Podman: <c>pkg/config/default.go</c> of containers/common.</remarks>
public static class SystemPathList
{
    private const string ProcessorDirectory = "/sys/devices/system/cpu";

    /// <summary>Paths hidden from a container. They tell about the host or reach into it.</summary>
    public static IReadOnlyList<string> Masked { get; } = WithThermalThrottle(
    [
        "/proc/acpi",
        "/proc/asound",
        "/proc/interrupts",
        "/proc/kcore",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/sched_debug",
        "/proc/scsi",
        "/proc/timer_list",
        "/proc/timer_stats",
        "/sys/dev/block",
        "/sys/devices/virtual/powercap",
        "/sys/firmware",
        "/sys/fs/selinux",
    ]);

    /// <summary>Paths a container may read but not change.</summary>
    public static IReadOnlyList<string> ReadOnly { get; } = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    /// <summary>Those of both lists that exist on this host.</summary>
    internal static HashSet<string> Existing()
    {
        var existing = new HashSet<string>(StringComparer.Ordinal);
        AddExisting(existing, Masked);
        AddExisting(existing, ReadOnly);
        return existing;
    }

    private static void AddExisting(HashSet<string> existing, IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            if (Path.Exists(path))
            {
                existing.Add(path);
            }
        }
    }

    /// <summary>Adds each processor's throttle counters, which tell of other tenants; only physical x86 machines have them.</summary>
    private static IReadOnlyList<string> WithThermalThrottle(string[] paths)
    {
        if (!Path.Exists($"{ProcessorDirectory}/cpu0/thermal_throttle") || KernelFile.TryRead($"{ProcessorDirectory}/possible") is not { } possible)
        {
            return paths;
        }

        var all = new List<string>(paths);
        foreach (var processor in Cgroups.CpuList.Parse(possible).Numbers)
        {
            all.Add($"{ProcessorDirectory}/cpu{processor}/thermal_throttle");
        }

        return all;
    }
}
