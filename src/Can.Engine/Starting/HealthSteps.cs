using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Cgroups;

namespace Can.Engine.Starting;

/// <summary>Tells the monitor when to check the container's health, and how a probe is run: as an exec is.</summary>
internal static class HealthSteps
{
    /// <summary>The helper takes no longer times; nobody waits for so long.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(50 * 365);

    /// <summary>Adds the setting.</summary>
    public static void AddSetting(PlanBuilder plan, HealthCheck check, CgroupLeaf leaf) => plan.Add(
        PlanOperation.SettingHealth,
        Nanoseconds(check.Interval, HealthCheck.DefaultInterval),
        Nanoseconds(check.Timeout, HealthCheck.DefaultTimeout),
        Nanoseconds(check.StartPeriod, TimeSpan.Zero),
        Nanoseconds(check.StartInterval, HealthCheck.DefaultStartInterval),
        (long)(check.Retries ?? HealthCheck.DefaultRetries),
        leaf.FrozenFile ?? "");

    /// <summary>Adds the steps of a probe. The monitor's own v1 cgroups and OOM score are the probe's from birth.</summary>
    public static void AddProbe(PlanBuilder plan, ContainerDefinition definition, HealthCheck check, HostFacts host, byte[]? filter, CgroupLeaf leaf)
    {
        plan.Stage = PlanStage.Probe;
        CgroupSteps.AddOpen(plan, leaf);
        plan.Join(StartPlanner.NamespacesJoined(definition));

        plan.Stage = PlanStage.ProbeChild;
        if (leaf.TasksFiles.Count > 0)
        {
            plan.Add(PlanOperation.TasksJoin);
        }

        ProcessSteps.Add(plan, ProcessSettings.Of(definition, host, filter) with { Arguments = check.Arguments, Init = false });
    }

    private static long Nanoseconds(TimeSpan? given, TimeSpan otherwise) =>
        Math.Min((given ?? otherwise).Ticks, Longest.Ticks) * TimeSpan.NanosecondsPerTick;
}
