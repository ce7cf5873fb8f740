using System.Globalization;
using Can.Engine.Containers;

namespace Can.Engine.Kernel.Cgroups.Controllers;

/// <summary>Block devices: a relative weight, and bytes a second of single devices.</summary>
internal sealed class BlockIoController : LimitController
{
    private const int LeastWeight = 10;
    private const int MostWeight = 1000;

    public override CgroupControllers Controller => CgroupControllers.BlockIo;

    public override string Name => "blkio";

    public override string Feature => "A block I/O limit";

    public override bool IsLimited(ResourceLimits limits) =>
        limits.BlkioWeight is not null || limits.DeviceReadBps.Count > 0 || limits.DeviceWriteBps.Count > 0;

    public override void Check(ResourceLimits limits, CgroupLayout layout)
    {
        switch (limits.BlkioWeight)
        {
            case < LeastWeight: throw CgroupError.TooSmall("A block I/O weight", limits.BlkioWeight, $"{LeastWeight}");
            case > MostWeight: throw CgroupError.TooLarge("A block I/O weight", limits.BlkioWeight, $"{MostWeight}");
        }

        CheckRates(limits.DeviceReadBps);
        CheckRates(limits.DeviceWriteBps);
    }

    public override void Plan(ResourceLimits limits, LimitWrites writes)
    {
        if (limits.BlkioWeight is { } weight)
        {
            PlanWeight(weight, writes);
        }

        var unified = writes.Hierarchy.IsUnified;
        PlanRates(limits.DeviceReadBps, unified ? "io.max" : "blkio.throttle.read_bps_device", unified ? "rbps=" : "", writes);
        PlanRates(limits.DeviceWriteBps, unified ? "io.max" : "blkio.throttle.write_bps_device", unified ? "wbps=" : "", writes);
    }

    /// <summary>10 to 1000 on v2's scale of 1 to 10000, as runc and crun convert it.</summary>
    internal static long UnifiedWeight(int weight) => 1 + ((weight - 10L) * 9999 / 990);

    /// <summary>BFQ keeps the old scale in a file of its own; which files there are depends on the kernel's schedulers.</summary>
    private static void PlanWeight(int weight, LimitWrites writes)
    {
        (string File, long Value)[] candidates = writes.Hierarchy.IsUnified
            ? [("io.bfq.weight", weight), ("io.weight", UnifiedWeight(weight))]
            : [("blkio.bfq.weight", weight), ("blkio.weight", weight)];
        var offered = Array.FindAll(candidates, candidate => writes.Offers(candidate.File));
        if (offered.Length == 0)
        {
            throw new CanException("ControllerMissing", CanErrorCategory.NotInstalled,
                "A block I/O weight needs the BFQ scheduler or io.cost, which this kernel does not have. Try modprobe bfq, or leave the weight out.",
                "blkio");
        }

        foreach (var (file, value) in offered)
        {
            writes.Add(file, value.ToString(CultureInfo.InvariantCulture), optional: offered.Length > 1);
        }
    }

    private static void PlanRates(IReadOnlyList<DeviceRate> rates, string file, string key, LimitWrites writes)
    {
        foreach (var rate in rates)
        {
            var (major, minor) = Device(rate.Path);
            writes.Add(file, string.Create(CultureInfo.InvariantCulture, $"{major}:{minor} {key}{rate.BytesPerSecond}"));
        }
    }

    private static void CheckRates(IReadOnlyList<DeviceRate> rates)
    {
        foreach (var rate in rates)
        {
            if (rate.BytesPerSecond < 1)
            {
                throw CgroupError.TooSmall($"A rate of {rate.Path}", rate.BytesPerSecond, "1 byte a second");
            }

            var (major, minor) = Device(rate.Path);
            if (File.Exists(string.Create(CultureInfo.InvariantCulture, $"/sys/dev/block/{major}:{minor}/partition")))
            {
                throw new CanException("DeviceIsPartition", CanErrorCategory.InvalidArgument,
                    $"{rate.Path} is a partition, and the kernel limits the rates of whole disks only. Name its disk.", rate.Path);
            }
        }
    }

    private static (uint Major, uint Minor) Device(string path) => Libc.BlockDevice(path) ?? throw new CanException(
        "DeviceNotBlock", CanErrorCategory.InvalidArgument,
        $"'{path}' is not a block device, so its rate cannot be limited. Name a disk such as /dev/sda (see lsblk).", path);
}
