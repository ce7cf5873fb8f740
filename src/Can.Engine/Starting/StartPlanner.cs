using Can.Engine.Containers;
using Can.Engine.Kernel;

namespace Can.Engine.Starting;

/// <summary>Compiles a container's definition and the host's facts into a plan; reads and changes nothing.</summary>
public static class StartPlanner
{
    /// <summary>The plan that starts a container.</summary>
    /// <param name="root">Where everything is kept.</param>
    /// <param name="definition">The container.</param>
    /// <param name="host">The host.</param>
    /// <param name="surroundings">What lies outside of the definition.</param>
    public static StartPlan Plan(CanRoot root, ContainerDefinition definition, HostFacts host, StartSurroundings surroundings) =>
        throw new NotImplementedException();

    /// <summary>The plan that runs a process in a running container.</summary>
    /// <param name="root">Where everything is kept.</param>
    /// <param name="definition">The container.</param>
    /// <param name="options">The process.</param>
    /// <param name="host">The host.</param>
    /// <param name="seccomp">The compiled default filter; null where none is wanted.</param>
    public static StartPlan PlanExec(CanRoot root, ContainerDefinition definition, ExecOptions options, HostFacts host, byte[]? seccomp) =>
        throw new NotImplementedException();

    /// <summary>The capabilities a container gets: defaults, additions and drops, less what the host lacks.</summary>
    public static ulong CapabilitiesOf(ContainerDefinition definition, HostFacts host) => throw new NotImplementedException();

    /// <summary>Whether the default filter applies to a container.</summary>
    public static bool WantsSeccomp(ContainerDefinition definition) => throw new NotImplementedException();
}

/// <summary>What a plan needs beyond the definition and the host.</summary>
public sealed record StartSurroundings
{
    /// <summary>The compiled default filter; null where none is wanted.</summary>
    public byte[]? SeccompFilter { get; init; }

    /// <summary>Host directory of each named volume.</summary>
    public IReadOnlyDictionary<string, string> VolumePaths { get; init; } = new Dictionary<string, string>();

    /// <summary>The first run begins with a console attached (FD_CONSOLE).</summary>
    public bool Attached { get; init; }

    /// <summary>Rows and columns of the terminal.</summary>
    public (int Rows, int Columns) TerminalSize { get; init; } = (24, 80);
}
