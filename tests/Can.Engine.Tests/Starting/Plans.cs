using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Starting;
using Can.Engine.Tests.Kernel.Cgroups;

namespace Can.Engine.Tests.Starting;

/// <summary>A plain container on a host that no machine needs to be.</summary>
internal static class Plans
{
    public const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>Every capability.</summary>
    public const ulong AllCapabilities = (1UL << 41) - 1;

    public static CanRoot Root { get; } = CanRoot.At("/r");

    /// <summary>A pure v2 host whose root has every capability.</summary>
    public static HostFacts Host { get; } = new()
    {
        Cgroups = Layouts.V2,
        Capabilities = AllCapabilities,
        KernelVersion = new Version(6, 12),
        Processors = 4,
        SystemPaths = new HashSet<string> { "/proc/kcore", "/proc/sys", "/sys/firmware" },
        HardLimits = [.. Enumerable.Repeat(ulong.MaxValue, 16)],
    };

    public static ContainerDefinition Definition { get; } = new()
    {
        Id = Id,
        Name = "c1",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Image = "busybox",
        ImageId = new string('b', 64),
        Layers = ["base", "top"],
        Arguments = ["sleep", "60"],
        Environment = ["PATH=/bin", "A=b c"],
        WorkingDirectory = "/",
        User = "",
        Hostname = "c1",
        Mounts = [],
        StopSignal = 15,
        StopTimeoutSeconds = 10,
    };

    public static StartSurroundings Surroundings { get; } = new() { SeccompFilter = new byte[16] };

    public static StartPlan Of(ContainerDefinition definition, HostFacts? host = null, StartSurroundings? surroundings = null) =>
        StartPlanner.Plan(Root, definition, host ?? Host, surroundings ?? Surroundings);

    /// <summary>Descriptions in the plan's order, with the container's long id cut.</summary>
    public static IReadOnlyList<string> Lines(StartPlan plan) =>
        [.. plan.Steps.Select(step => $"{step.Stage.ToString()[0]} {step}".Replace(Id, "ID", StringComparison.Ordinal))];

    /// <summary>What a change adds to the plan (+) and takes from it (-), in the plan's order.</summary>
    public static IReadOnlyList<string> Difference(StartPlan before, StartPlan after)
    {
        var (old, now) = (Lines(before), Lines(after));
        return [.. old.Except(now).Select(line => $"- {line}"), .. now.Except(old).Select(line => $"+ {line}")];
    }
}
