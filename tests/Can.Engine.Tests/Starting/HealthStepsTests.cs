using Can.Engine.Containers;
using Can.Engine.Starting;
using Can.Engine.Tests.Kernel.Cgroups;

namespace Can.Engine.Tests.Starting;

/// <summary>A health check is a setting of the monitor's, and a probe is run as an exec is.</summary>
public sealed class HealthStepsTests
{
    private static readonly HealthCheck Check = HealthCheck.Shell("wget -q localhost");

    [Fact]
    public void A_health_check_adds_a_setting_and_the_steps_of_its_probe()
    {
        var exec = StartPlanner.PlanExec(Plans.Root, Plans.Definition, new() { Command = ["/bin/sh", "-c", "wget -q localhost"] }, Plans.Host, Plans.Surroundings.SeccompFilter);
        var joined = exec.Steps.Where(step => step.Operation != PlanOperation.WriteFile).Select(step => step.ToString());

        var added = Plans.Of(Plans.Definition with { HealthCheck = Check }).Steps.Except(Plans.Of(Plans.Definition).Steps, new ByText()).ToList();

        Assert.Equal("check health every 30 s; a probe has 30 s, 3 failures in a row mean unhealthy", added[0].ToString());
        Assert.Equal(PlanStage.Settings, added[0].Stage);
        Assert.Equal(joined, added.Skip(1).Select(step => step.ToString()));
        Assert.Equal([PlanStage.Probe, PlanStage.ProbeChild], added.Skip(1).Select(step => step.Stage).Distinct());
    }

    [Fact]
    public void Times_are_nanoseconds()
    {
        var check = Check with
        {
            Interval = TimeSpan.FromMilliseconds(100),
            Timeout = TimeSpan.FromSeconds(2),
            StartPeriod = TimeSpan.FromMinutes(1),
            StartInterval = TimeSpan.FromMilliseconds(1),
            Retries = 7,
        };

        var setting = Plans.Of(Plans.Definition with { HealthCheck = check }).Steps.Single(step => step.Operation == PlanOperation.SettingHealth);

        Assert.Equal([100_000_000UL, 2_000_000_000UL, 60_000_000_000UL, 1_000_000UL, 7UL], setting.Arguments.Take(5).Select(argument => argument.Number));
        Assert.Equal("check health every 0.1 s, every 0.001 s while it starts (60 s at most); a probe has 2 s, 7 failures in a row mean unhealthy", setting.ToString());
    }

    [Theory]
    [InlineData("V1", "/nowhere/cgroup/freezer/can-6588117f/ID/freezer.state")]
    [InlineData("V2", "/nowhere/cgroup/can-6588117f/ID/cgroup.events")]
    [InlineData("Hybrid", "/nowhere/cgroup/unified/can-6588117f/ID/cgroup.events")]
    [InlineData("None", "")]
    public void The_monitor_is_told_where_it_sees_a_suspension(string layout, string file)
    {
        var cgroups = layout switch { "V1" => Layouts.V1, "V2" => Layouts.V2, "Hybrid" => Layouts.Hybrid, _ => Layouts.None };
        var plan = Plans.Of(Plans.Definition with { HealthCheck = Check }, Plans.Host with { Cgroups = cgroups });

        Assert.Equal(file.Replace("ID", Plans.Id, StringComparison.Ordinal), plan.Steps.Single(step => step.Operation == PlanOperation.SettingHealth).Arguments[5].Text);
    }

    [Fact]
    public void A_time_that_no_clock_reaches_is_cut()
    {
        var plan = Plans.Of(Plans.Definition with { HealthCheck = Check with { Interval = TimeSpan.MaxValue } });

        Assert.InRange(plan.Steps.Single(step => step.Operation == PlanOperation.SettingHealth).Arguments[0].Number, 1UL, ulong.MaxValue / 8);
    }

    [Fact]
    public void Containers_init_and_terminal_are_not_the_probe_s()
    {
        var plan = Plans.Of(Plans.Definition with { HealthCheck = Check, Init = true, Tty = true });

        Assert.DoesNotContain(plan.Steps, step => step.Stage == PlanStage.ProbeChild && (step.Operation is PlanOperation.Init or PlanOperation.Terminal));
    }

    private sealed class ByText : IEqualityComparer<PlanStep>
    {
        public bool Equals(PlanStep? left, PlanStep? right) => left?.Stage == right?.Stage && left?.ToString() == right?.ToString();

        public int GetHashCode(PlanStep step) => step.ToString().GetHashCode(StringComparison.Ordinal);
    }
}
