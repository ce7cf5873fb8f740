using System.Globalization;
using Can.Engine.Containers;

namespace Can.Engine.Kernel.Cgroups.Controllers;

/// <summary>The number of processes and threads; v1 and v2 have the same file.</summary>
internal sealed class PidsController : LimitController
{
    private const long Unlimited = -1;

    public override CgroupControllers Controller => CgroupControllers.Pids;

    public override string Name => "pids";

    public override string Feature => "A limit of processes";

    public override bool IsLimited(ResourceLimits limits) => limits.PidsLimit is not (null or Unlimited);

    public override bool IsMentioned(ResourceLimits limits) => limits.PidsLimit is not null;

    public override void Check(ResourceLimits limits, CgroupLayout layout)
    {
        if (limits.PidsLimit is < 1 and not Unlimited)
        {
            throw CgroupError.TooSmall("A limit of processes", limits.PidsLimit, "1 (or -1 for no limit)");
        }
    }

    public override void Plan(ResourceLimits limits, LimitWrites writes) =>
        writes.Add("pids.max", limits.PidsLimit is { } limit and not Unlimited ? limit.ToString(CultureInfo.InvariantCulture) : "max");
}
