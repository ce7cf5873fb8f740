using System.Globalization;
using Can.Engine.Containers;

namespace Can.Engine.Kernel.Cgroups;

/// <summary>Reads what a container's cgroups measure.</summary>
internal sealed class CgroupMeasure(CgroupLayout layout, CanRoot root, string id)
{
    // v1 shows "no limit" as the largest count of whole pages; anything near it is none.
    private const long V1Unlimited = long.MaxValue - (1 << 20);
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;

    public ContainerStatistics Read(string name)
    {
        var (memory, memoryLimit) = Memory();
        var (read, written) = BlockIo();
        return new()
        {
            Container = name,
            Id = id,
            Timestamp = DateTimeOffset.UtcNow,
            CpuTime = CpuTime(),
            MemoryBytes = memory,
            MemoryLimitBytes = memoryLimit,
            MemoryPercent = memoryLimit is > 0 ? 100.0 * memory / memoryLimit : null,
            Pids = Pids(),
            PidsLimit = Leaf(CgroupControllers.Pids) is { } pids ? KernelFile.Number($"{pids.Directory}/pids.max") : null,
            BlockReadBytes = read,
            BlockWriteBytes = written,
        };
    }

    /// <summary>A v2 leaf counts processor time even where the cpu controller is v1's.</summary>
    private TimeSpan? CpuTime()
    {
        if (layout.Unified is { } unified)
        {
            var microseconds = KernelFile.Value(KernelFile.TryRead($"{unified.Leaf(root, id)}/cpu.stat"), "usage_usec");
            return microseconds is { } value ? TimeSpan.FromTicks(value * TicksPerMicrosecond) : null;
        }

        var nanoseconds = Leaf(CgroupControllers.CpuAccounting) is { } leaf ? KernelFile.Number($"{leaf.Directory}/cpuacct.usage") : null;
        return nanoseconds is { } count ? TimeSpan.FromTicks(count / TimeSpan.NanosecondsPerTick) : null;
    }

    private (long? Used, long? Limit) Memory()
    {
        if (Leaf(CgroupControllers.Memory) is not { } leaf)
        {
            return (null, null);
        }

        var (usageFile, limitFile, cacheKey) = leaf.IsUnified
            ? ("memory.current", "memory.max", "inactive_file")
            : ("memory.usage_in_bytes", "memory.limit_in_bytes", "total_inactive_file");
        var usage = KernelFile.Number($"{leaf.Directory}/{usageFile}");
        var cache = KernelFile.Value(KernelFile.TryRead($"{leaf.Directory}/memory.stat"), cacheKey) ?? 0;
        var limit = KernelFile.Number($"{leaf.Directory}/{limitFile}");
        return (usage is null ? null : Math.Max(usage.Value - cache, 0), limit < V1Unlimited ? limit : null);
    }

    /// <summary>The controller's own count where the container is a member, else its threads counted.</summary>
    private long? Pids()
    {
        if (Leaf(CgroupControllers.Pids) is { } leaf && KernelFile.Number($"{leaf.Directory}/pids.current") is { } current)
        {
            return current;
        }

        if (layout.Unified is { } unified)
        {
            return Directory.Exists(unified.Leaf(root, id)) ? CgroupTree.Threads(unified.Leaf(root, id), "cgroup.threads") : null;
        }

        return Leaf(CgroupControllers.Freezer) is { } freezer && Directory.Exists(freezer.Directory)
            ? CgroupTree.Threads(freezer.Directory, "tasks")
            : null;
    }

    private (long? Read, long? Written) BlockIo()
    {
        if (Leaf(CgroupControllers.BlockIo) is not { } leaf)
        {
            return (null, null);
        }

        return leaf.IsUnified
            ? SumV2(KernelFile.TryRead($"{leaf.Directory}/io.stat"))
            : SumV1(KernelFile.TryRead($"{leaf.Directory}/blkio.throttle.io_service_bytes_recursive")
                ?? KernelFile.TryRead($"{leaf.Directory}/blkio.throttle.io_service_bytes"));
    }

    /// <summary>Lines such as <c>8:0 rbytes=4096 wbytes=0 rios=1 …</c>, one a device.</summary>
    internal static (long? Read, long? Written) SumV2(string? text)
    {
        if (text is null)
        {
            return (null, null);
        }

        var (read, written) = (0L, 0L);
        foreach (var field in text.Split([' ', '\n']))
        {
            read += Value(field, "rbytes=");
            written += Value(field, "wbytes=");
        }

        return (read, written);
    }

    /// <summary>Lines such as <c>8:0 Read 4096</c>, several a device.</summary>
    internal static (long? Read, long? Written) SumV1(string? text)
    {
        if (text is null)
        {
            return (null, null);
        }

        var (read, written) = (0L, 0L);
        foreach (var line in text.Split('\n'))
        {
            var value = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
            read += Value(value, "Read ");
            written += Value(value, "Write ");
        }

        return (read, written);
    }

    private static long Value(string field, string key) =>
        field.StartsWith(key, StringComparison.Ordinal) && long.TryParse(field.AsSpan(key.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : 0;

    private (string Directory, bool IsUnified)? Leaf(CgroupControllers controller) =>
        layout.Find(controller) is { } hierarchy ? (hierarchy.Leaf(root, id), hierarchy.IsUnified) : null;
}
