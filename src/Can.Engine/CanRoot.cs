using System.Text;
using Can.Engine.Kernel;

namespace Can.Engine;

/// <summary>The two directories under which the engine keeps everything, and the name of its cgroups.</summary>
public sealed record CanRoot
{
    /// <summary>Environment variable that moves both directories below another one.</summary>
    public const string Variable = "CAN_ROOT";

    private CanRoot(string state, string run, string cgroup) => (State, Run, CgroupName) = (state, run, cgroup);

    /// <summary>Definitions, images, layers, volumes; survives a reboot. Absolute path.</summary>
    public string State { get; }

    /// <summary>Live facts: locks, process ids, sockets. Absolute path.</summary>
    public string Run { get; }

    /// <summary>Name of the engine's directory in every cgroup hierarchy.</summary>
    public string CgroupName { get; }

    /// <summary>The root that the environment names: <c>CAN_ROOT</c>, else /var/lib/can and /run/can.</summary>
    public static CanRoot FromEnvironment() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? At(path) : new("/var/lib/can", "/run/can", "can");

    /// <summary>A root of its own below <paramref name="directory"/> (tests, benchmarks).</summary>
    public static CanRoot At(string directory)
    {
        var path = Path.GetFullPath(directory).TrimEnd('/');
        var digest = Convert.ToHexStringLower(Sha256.Of(Encoding.UTF8.GetBytes(path)));
        return new($"{path}/lib", $"{path}/run", $"can-{digest[..8]}");
    }

    /// <summary>State directory of a container.</summary>
    public string ContainerState(string id) => $"{State}/containers/{id}";

    /// <summary>Run directory of a container.</summary>
    public string ContainerRun(string id) => $"{Run}/containers/{id}";

    /// <summary>Where a layer's files are.</summary>
    public string LayerRoot(string diffId) => $"{State}/layers/{diffId}/root";
}
