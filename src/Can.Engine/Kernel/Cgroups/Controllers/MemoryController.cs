using System.Globalization;
using Can.Engine.Containers;

namespace Can.Engine.Kernel.Cgroups.Controllers;

/// <summary>Memory and swap. Docker's meaning: the swap option is memory and swap together, and twice the memory without it.</summary>
/// <remarks>Documentation/admin-guide/cgroup-v1/memory.rst, cgroup-v2.rst</remarks>
internal sealed class MemoryController : LimitController
{
    /// <summary>What a container needs to start at all; Docker's bound.</summary>
    private const long Least = 6L << 20;

    private const string V1Limit = "memory.limit_in_bytes";
    private const string V1Total = "memory.memsw.limit_in_bytes";
    private const string V2Swap = "memory.swap.max";

    public override CgroupControllers Controller => CgroupControllers.Memory;

    public override string Name => "memory";

    public override string Feature => "A memory limit";

    public override bool IsLimited(ResourceLimits limits) => limits.MemoryBytes is not null || limits.MemorySwapBytes is > 0;

    public override void Check(ResourceLimits limits, CgroupLayout layout)
    {
        if (limits.MemoryBytes < Least)
        {
            throw CgroupError.TooSmall("A memory limit", limits.MemoryBytes, $"{Least} bytes (6 MiB)");
        }

        var problem = (limits.MemoryBytes, limits.MemorySwapBytes) switch
        {
            (_, null or 0 or -1) => null,
            (_, < 0) => "it is negative. Give the sum of memory and swap, or -1 for unlimited swap.",
            (null, _) => "there is no memory limit. Give one as well.",
            var (memory, total) when total < memory => $"it is less than the memory limit of {memory}. It is memory and swap together: give at least that.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new CanException("SwapLimitInvalid", CanErrorCategory.InvalidArgument,
                $"The swap limit of {limits.MemorySwapBytes} cannot be: {problem}", limits.MemorySwapBytes);
        }
    }

    public override void Plan(ResourceLimits limits, LimitWrites writes)
    {
        if (limits.MemoryBytes is not { } memory)
        {
            return;
        }

        var asked = limits.MemorySwapBytes is not (null or 0);
        var total = limits.MemorySwapBytes switch
        {
            null or 0 => memory > long.MaxValue / 2 ? -1 : memory * 2,
            var given => given.Value,
        };
        var (limitFile, swapFile) = writes.Hierarchy.IsUnified ? ("memory.max", V2Swap) : (V1Limit, V1Total);
        if (asked && !writes.Offers(swapFile))
        {
            throw new CanException("SwapLimitUnsupported", CanErrorCategory.NotInstalled,
                "This kernel does not account for swap, so a swap limit cannot be set. Start it with swapaccount=1, or leave the swap limit out.",
                limits.MemorySwapBytes);
        }

        writes.Add(limitFile, Text(memory));
        writes.Add(swapFile, SwapValue(writes.Hierarchy.IsUnified, memory, total), optional: !asked);
    }

    /// <summary>v1 refuses at every moment a limit above the total: a limit above the present total goes last.</summary>
    public override IReadOnlyList<CgroupWrite> OrderForUpdate(IReadOnlyList<CgroupWrite> writes)
    {
        if (writes is not [var limit, var total] || !total.Path.EndsWith(V1Total, StringComparison.Ordinal))
        {
            return writes;
        }

        var present = KernelFile.Number(total.Path) ?? long.MaxValue;
        return long.Parse(limit.Data, CultureInfo.InvariantCulture) > present ? [total, limit] : writes;
    }

    /// <summary>v1 limits the total, v2 the swap alone.</summary>
    private static string SwapValue(bool unified, long memory, long total) => (unified, total) switch
    {
        (true, -1) => "max",
        (true, _) => Text(total - memory),
        (false, _) => Text(total),
    };

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
