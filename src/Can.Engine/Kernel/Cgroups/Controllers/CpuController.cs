using System.Globalization;
using Can.Engine.Containers;

namespace Can.Engine.Kernel.Cgroups.Controllers;

/// <summary>Processor time: an upper bound (quota of a period) and a relative weight.</summary>
internal sealed class CpuController : LimitController
{
    private const int PeriodMicroseconds = 100_000;
    private const double LeastCpus = 0.01; // the kernel's least quota is 1 ms
    private const long LeastShares = 2;
    private const long MostShares = 262144;

    public override CgroupControllers Controller => CgroupControllers.Cpu;

    public override string Name => "cpu";

    public override string Feature => "A processor limit";

    public override bool IsLimited(ResourceLimits limits) => limits.Cpus is not null || limits.CpuShares is not null;

    public override void Check(ResourceLimits limits, CgroupLayout layout)
    {
        var most = layout.OnlineProcessors.Count;
        switch (limits.Cpus)
        {
            case null:
                break;
            case not >= LeastCpus: // not a number as well
                throw CgroupError.TooSmall("A limit of processors", limits.Cpus, "0.01");
            case var cpus when cpus > most:
                throw CgroupError.TooLarge("A limit of processors", limits.Cpus, $"{most} (the processors of this host)");
        }

        switch (limits.CpuShares)
        {
            case < LeastShares: throw CgroupError.TooSmall("A processor weight", limits.CpuShares, $"{LeastShares}");
            case > MostShares: throw CgroupError.TooLarge("A processor weight", limits.CpuShares, $"{MostShares}");
        }
    }

    public override void Plan(ResourceLimits limits, LimitWrites writes)
    {
        if (limits.Cpus is { } cpus)
        {
            PlanQuota((long)Math.Round(cpus * PeriodMicroseconds), writes);
        }

        if (limits.CpuShares is { } shares)
        {
            var (file, value) = writes.Hierarchy.IsUnified ? ("cpu.weight", Weight(shares)) : ("cpu.shares", shares);
            writes.Add(file, value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>v1's shares (2 to 262144, 1024 by default) as v2's weight (1 to 10000, 100 by default).</summary>
    /// <remarks>
    /// The curve through these three points on logarithmic scales, as runc since 1.3.2 and crun since 1.23 compute it
    /// (<c>ConvertCPUSharesToCgroupV2Value</c> of opencontainers/cgroups); the straight line before it made 39 of the default.
    /// </remarks>
    internal static long Weight(long shares)
    {
        var power = Math.Log2(Math.Clamp(shares, LeastShares, MostShares));
        var exponent = (((power * power) + (125 * power)) / 612.0) - (7.0 / 34.0);
        return Math.Clamp((long)Math.Ceiling(Math.Pow(10, exponent)), 1, 10_000);
    }

    private static void PlanQuota(long quota, LimitWrites writes)
    {
        if (writes.Hierarchy.IsUnified)
        {
            writes.Add("cpu.max", string.Create(CultureInfo.InvariantCulture, $"{quota} {PeriodMicroseconds}"));
        }
        else
        {
            writes.Add("cpu.cfs_period_us", PeriodMicroseconds.ToString(CultureInfo.InvariantCulture));
            writes.Add("cpu.cfs_quota_us", quota.ToString(CultureInfo.InvariantCulture));
        }
    }
}
