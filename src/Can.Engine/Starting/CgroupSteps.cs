using Can.Engine.Kernel.Cgroups;

namespace Can.Engine.Starting;

/// <summary>Steps that make, enter and remove the cgroups.</summary>
internal static class CgroupSteps
{
    /// <summary>The monitor goes into the engine's cgroup for monitors, so that nobody's limits but its own hold for it.</summary>
    public static void AddMonitor(PlanBuilder plan, CgroupLeaf leaf)
    {
        plan.Stage = PlanStage.Monitor;
        if (leaf.MonitorDirectory is { } directory)
        {
            plan.Add(PlanOperation.MonitorCgroup, directory);
        }

        foreach (var tasks in leaf.MonitorTasksFiles)
        {
            plan.WriteFile(tasks, "0");
        }

        AddOomScore(plan);
    }

    /// <summary>
    /// The caller's own protection from, or offer to, the OOM killer is not the container's; a child inherits what is set here.
    /// Optional: lowering it takes a capability. By the helper before it joins the container, whose /proc may be anything.
    /// </summary>
    public static void AddOomScore(PlanBuilder plan) => plan.WriteFile("/proc/self/oom_score_adj", "0", optional: true);

    /// <summary>Makes, fills and opens the container's cgroups.</summary>
    public static void AddHost(PlanBuilder plan, CgroupLeaf leaf)
    {
        plan.Stage = PlanStage.Host;
        foreach (var directory in leaf.Directories)
        {
            plan.Add(PlanOperation.MakeDirectory, directory, 0x1EDUL); // 0755
        }

        foreach (var write in leaf.Writes)
        {
            plan.WriteFile(write.Path, write.Data, write.Optional);
        }

        AddOpen(plan, leaf);
    }

    /// <summary>Opens the cgroups that a new process is to be in.</summary>
    public static void AddOpen(PlanBuilder plan, CgroupLeaf leaf)
    {
        if (leaf.UnifiedDirectory is { } directory)
        {
            plan.Add(PlanOperation.CgroupOpen, directory);
        }

        foreach (var tasks in leaf.TasksFiles)
        {
            plan.Add(PlanOperation.TasksOpen, tasks);
        }
    }

    /// <summary>
    /// Enters the v1 hierarchies, then makes the cgroup namespace: its roots are the cgroups the process is in at that moment,
    /// which is why it does not come with the clone.
    /// </summary>
    public static void AddChild(PlanBuilder plan, CgroupLeaf leaf)
    {
        if (leaf.TasksFiles.Count > 0)
        {
            plan.Add(PlanOperation.TasksJoin);
        }

        plan.Unshare(Namespaces.Cgroup);
    }

    /// <summary>Removes what <see cref="AddHost"/> made.</summary>
    public static void AddTeardown(PlanBuilder plan, CgroupLeaf leaf)
    {
        plan.Stage = PlanStage.Teardown;
        foreach (var directory in leaf.Directories.Reverse())
        {
            plan.Add(PlanOperation.RemoveDirectory, directory);
        }
    }
}
