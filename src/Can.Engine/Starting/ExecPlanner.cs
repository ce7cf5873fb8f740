using Can.Engine.Containers;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Cgroups;

namespace Can.Engine.Starting;

/// <summary>Compiles the plan of a process that joins a running container.</summary>
internal static class ExecPlanner
{
    public static StartPlan Plan(ContainerDefinition definition, ExecOptions options, HostFacts host, byte[]? filter, CgroupLeaf leaf)
    {
        var plan = new PlanBuilder { Stage = PlanStage.Settings };
        if (options.Tty)
        {
            // The helper asks the caller's own terminal for its size; these hold where it has none.
            plan.Add(PlanOperation.SettingTerminal, 24UL, 80UL);
            plan.Add(PlanOperation.SettingDetachKeys, DetachKeys.Parse(options.DetachKeys));
        }

        plan.Stage = PlanStage.Host;
        CgroupSteps.AddOomScore(plan);
        CgroupSteps.AddOpen(plan, leaf);
        // Where the container's own processes are, born of the monitor; not in the caller's session, with which they would end.
        foreach (var tasks in leaf.MonitorTasksFiles)
        {
            plan.Add(PlanOperation.TasksOpen, tasks);
        }

        plan.Join(StartPlanner.NamespacesJoined(definition));

        plan.Stage = PlanStage.Child;
        if (leaf.TasksFiles.Count + leaf.MonitorTasksFiles.Count > 0)
        {
            plan.Add(PlanOperation.TasksJoin);
        }

        if (options.Tty)
        {
            plan.Add(PlanOperation.Terminal);
        }

        ProcessSteps.Add(plan, SettingsOf(definition, options, host, filter));
        return plan.Build(PlanKind.Exec);
    }

    private static ProcessSettings SettingsOf(ContainerDefinition definition, ExecOptions options, HostFacts host, byte[]? filter)
    {
        var container = ProcessSettings.Of(definition, host, filter);
        return container with
        {
            Arguments = options.Command,
            Environment = EnvironmentList.Merge(definition.Environment, options.Environment, options.Tty),
            WorkingDirectory = options.WorkingDirectory ?? container.WorkingDirectory,
            User = options.User ?? container.User,
            Capabilities = options.Privileged ? host.Capabilities : container.Capabilities,
            NoNewPrivileges = container.NoNewPrivileges && !options.Privileged,
            Filter = options.Privileged ? null : container.Filter,
            Init = false,
        };
    }
}
