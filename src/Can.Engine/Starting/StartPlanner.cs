using Can.Engine.Containers;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Cgroups;

namespace Can.Engine.Starting;

/// <summary>Compiles a container's definition and the host's facts into a plan; reads and changes nothing.</summary>
/// <remarks>
/// The order of steps follows runc's and bubblewrap's: everything that needs a right comes before that right is given up, and
/// everything that needs the host's files comes before pivot_root(2). The steps of one concern are in a class of their own.
/// </remarks>
public static class StartPlanner
{
    /// <summary>Largest size of a log file in bytes before it is rotated.</summary>
    public const long LogMaximumBytes = 10L << 20;

    /// <summary>How many log files are kept, the current one included.</summary>
    public const int LogFiles = 3;

    /// <summary>The plan that starts a container.</summary>
    /// <param name="root">Where everything is kept.</param>
    /// <param name="definition">The container.</param>
    /// <param name="host">The host.</param>
    /// <param name="surroundings">What lies outside of the definition.</param>
    /// <exception cref="CanException">The host cannot do what the definition asks for.</exception>
    public static StartPlan Plan(CanRoot root, ContainerDefinition definition, HostFacts host, StartSurroundings surroundings)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(surroundings);
        var leaf = host.Cgroups.Leaf(root, definition.Id, definition.Limits);
        var plan = new PlanBuilder();
        AddSettings(plan, root, definition, surroundings, leaf);
        CgroupSteps.AddMonitor(plan, leaf);
        CgroupSteps.AddHost(plan, leaf);
        plan.Clone(NamespacesOf(definition));
        NetworkSteps.AddWire(plan, surroundings.Network);
        AddChild(plan, root, definition, host, surroundings, leaf);
        NetworkSteps.AddTeardown(plan, surroundings.Network);
        CgroupSteps.AddTeardown(plan, leaf);
        if (definition.HealthCheck is { } check)
        {
            HealthSteps.AddProbe(plan, definition, check, host, surroundings.SeccompFilter, leaf);
        }

        return plan.Build(PlanKind.Container);
    }

    /// <summary>The plan that runs a process in a running container.</summary>
    /// <param name="root">Where everything is kept.</param>
    /// <param name="definition">The container.</param>
    /// <param name="options">The process.</param>
    /// <param name="host">The host.</param>
    /// <param name="seccomp">The compiled default filter; null where none is wanted.</param>
    /// <exception cref="CanException">The host cannot do what the definition asks for.</exception>
    public static StartPlan PlanExec(CanRoot root, ContainerDefinition definition, ExecOptions options, HostFacts host, byte[]? seccomp)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(host);
        return ExecPlanner.Plan(definition, options, host, seccomp, host.Cgroups.Leaf(root, definition.Id, definition.Limits));
    }

    /// <summary>The capabilities a container gets: defaults, additions and drops, less what the host lacks.</summary>
    /// <remarks>moby, oci/caps: a name that is both added and dropped is added.</remarks>
    public static ulong CapabilitiesOf(ContainerDefinition definition, HostFacts host)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(host);
        return definition.Privileged
            ? host.Capabilities
            : CapabilitySelection.Of(Kernel.Capabilities.Default, definition.CapAdd, definition.CapDrop) & host.Capabilities;
    }

    /// <summary>Whether the default filter applies to a container.</summary>
    public static bool WantsSeccomp(ContainerDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return !definition.Privileged && !SecuritySettings.Parse(definition.SecurityOptions).SeccompUnconfined;
    }

    /// <summary>Namespaces that a further process of a container joins; the network may be another container's.</summary>
    internal static Namespaces NamespacesJoined(ContainerDefinition definition) =>
        NamespacesOf(definition) | Namespaces.Cgroup | (definition.Network == NetworkMode.Host ? Namespaces.None : Namespaces.Network);

    /// <summary>Namespaces a container is born with; the cgroup namespace is unshared later, inside of its cgroups.</summary>
    internal static Namespaces NamespacesOf(ContainerDefinition definition) =>
        Namespaces.Pid | Namespaces.Mount | Namespaces.Uts | Namespaces.Ipc
        | (definition.Network is NetworkMode.None or NetworkMode.Bridge ? Namespaces.Network : Namespaces.None);

    private static void AddChild(
        PlanBuilder plan, CanRoot root, ContainerDefinition definition, HostFacts host, StartSurroundings surroundings, CgroupLeaf leaf)
    {
        plan.Stage = PlanStage.Child;
        CgroupSteps.AddChild(plan, leaf);
        if (surroundings.Shared is { } shared)
        {
            plan.Add(PlanOperation.JoinNetwork, shared.StatusPath);
        }

        RootSteps.Add(plan, root, definition);
        var volumes = new VolumeSteps(plan, root, definition, surroundings);
        SystemMountSteps.Add(plan, definition, host, volumes);
        volumes.AddRest();
        volumes.AddDevices();
        NetworkSteps.AddSysctls(plan, surroundings.Network);
        AddSysctls(plan, definition);
        ProtectionSteps.Add(plan, definition, host);
        RootSteps.AddEntry(plan, definition);
        NamespaceSteps.Add(plan, definition, surroundings.Network);
        ProcessSteps.Add(plan, ProcessSettings.Of(definition, host, surroundings.SeccompFilter));
    }

    /// <summary>What the caller asks for comes after what the engine sets by itself.</summary>
    private static void AddSysctls(PlanBuilder plan, ContainerDefinition definition)
    {
        if (definition.Sysctls is { } settings)
        {
            foreach (var (name, value) in settings)
            {
                plan.WriteFileIn(Sysctl.PathOf(name), value);
            }
        }
    }

    private static void AddSettings(
        PlanBuilder plan, CanRoot root, ContainerDefinition definition, StartSurroundings surroundings, CgroupLeaf leaf)
    {
        plan.Stage = PlanStage.Settings;
        plan.Add(PlanOperation.SettingRunDirectory, root.ContainerRun(definition.Id));
        plan.Add(PlanOperation.SettingStateDirectory, root.ContainerState(definition.Id));
        plan.Add(PlanOperation.SettingLog, $"{root.ContainerState(definition.Id)}/logs/current", LogMaximumBytes, (ulong)LogFiles);
        plan.Add(PlanOperation.SettingRestart, (ulong)definition.RestartPolicy.Condition, (long)definition.RestartPolicy.MaximumRetries);
        if (leaf.OomCounterFile is { } counter)
        {
            plan.Add(PlanOperation.SettingOomCounter, counter);
        }

        if (definition.HealthCheck is { } check)
        {
            HealthSteps.AddSetting(plan, check, leaf);
        }

        if (definition.Interactive)
        {
            plan.Add(PlanOperation.SettingStdinOpen);
        }

        if (definition.Tty)
        {
            var (rows, columns) = surroundings.TerminalSize;
            plan.Add(PlanOperation.SettingTerminal, (long)rows, (long)columns);
        }

        if (surroundings.PortSockets > 0)
        {
            plan.Add(PlanOperation.SettingPorts, (long)surroundings.PortSockets);
        }

        if (surroundings.Attached)
        {
            plan.Add(PlanOperation.SettingAttached, definition.Interactive ? 3UL : 2UL);
        }
    }
}
