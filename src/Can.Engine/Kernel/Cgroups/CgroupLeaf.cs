namespace Can.Engine.Kernel.Cgroups;

/// <summary>A value to be written into a cgroup's file.</summary>
/// <param name="Path">The file's absolute path.</param>
/// <param name="Data">What is written, in one write(2).</param>
/// <param name="Optional">A refusal is ignored.</param>
public sealed record CgroupWrite(string Path, string Data, bool Optional = false);

/// <summary>One container's cgroups over all hierarchies: what a plan makes, fills, enters and removes.</summary>
public sealed record CgroupLeaf
{
    /// <summary>The directory on the v2 hierarchy, entered at birth; null where there is no v2 hierarchy.</summary>
    public string? UnifiedDirectory { get; init; }

    /// <summary>All directories to make, in this order; they are removed in the reverse order.</summary>
    public required IReadOnlyList<string> Directories { get; init; }

    /// <summary>Values to write after the directories are made, in this order.</summary>
    public required IReadOnlyList<CgroupWrite> Writes { get; init; }

    /// <summary>The <c>tasks</c> files of v1 hierarchies that the child enters by writing 0.</summary>
    public required IReadOnlyList<string> TasksFiles { get; init; }

    /// <summary>File with an <c>oom_kill N</c> line; null where memory is not controlled.</summary>
    public string? OomCounterFile { get; init; }

    /// <summary>File that says whether the container is frozen (v2 cgroup.events, v1 freezer.state); null where it cannot be.</summary>
    public string? FrozenFile { get; init; }

    /// <summary>The v2 directory that the monitor is born in; null where there is none.</summary>
    public string? MonitorDirectory { get; init; }

    /// <summary>v1 <c>tasks</c> files into which the monitor writes 0.</summary>
    public IReadOnlyList<string> MonitorTasksFiles { get; init; } = [];
}
