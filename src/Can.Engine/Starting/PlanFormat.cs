namespace Can.Engine.Starting;

// The twin of native/plan_format.h, which is the definition; a unit test compares the two name by name.

/// <summary>Fixed numbers of the wire form.</summary>
public static class PlanFormat
{
    /// <summary>Version that this engine writes and its helper reads.</summary>
    public const uint Version = 1;

    /// <summary>Largest plan in bytes.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>Most steps of a plan.</summary>
    public const int MaxSteps = 4096;

    /// <summary>Most arguments of one step.</summary>
    public const int MaxArguments = 8192;

    /// <summary>The first bytes of a plan, with their NUL.</summary>
    public static ReadOnlySpan<byte> Magic => "CANPLAN\0"u8;
}

/// <summary>What a plan starts.</summary>
public enum PlanKind
{
    /// <summary>A container: clone namespaces and become the container's monitor.</summary>
    Container = 1,

    /// <summary>A process in a running container: join its namespaces, run the process, report its exit.</summary>
    Exec = 2,
}

/// <summary>How an argument is written.</summary>
public enum ArgumentKind
{
    /// <summary>Eight bytes, little-endian.</summary>
    Number = 1,

    /// <summary>A length, that many bytes, and at least one NUL.</summary>
    Bytes = 2,
}

/// <summary>How a step is carried out.</summary>
[Flags]
public enum StepTraits
{
    /// <summary>A failure ends the start.</summary>
    None = 0,

    /// <summary>A failure is ignored: the thing is a convenience, or is already so.</summary>
    Optional = 1,
}

/// <summary>Who carries a step out, and when. Within a stage, steps run in the order of the plan.</summary>
public enum PlanStage
{
    /// <summary>Read once when the plan is loaded; no system call of its own.</summary>
    Settings = 0,

    /// <summary>By the monitor, once in its life, before the first run.</summary>
    Monitor = 1,

    /// <summary>By the monitor, before every run's clone.</summary>
    Host = 2,

    /// <summary>By the monitor, after the clone; the child waits for its end before it touches its network or writes a file.</summary>
    Wire = 3,

    /// <summary>By the cloned child, in the container's namespaces.</summary>
    Child = 4,

    /// <summary>By the monitor, after every run; each step is tried whatever the others did.</summary>
    Teardown = 5,

    /// <summary>With a health check: by a process that the monitor forks for every probe.</summary>
    Probe = 6,

    /// <summary>With a health check: by that process's child, in the container's namespaces.</summary>
    ProbeChild = 7,
}

/// <summary>Properties of the container's root.</summary>
[Flags]
public enum RootTraits
{
    /// <summary>Writable, and without usable device nodes (nodev).</summary>
    None = 0,

    /// <summary>Read-only from the start.</summary>
    ReadOnly = 1,

    /// <summary>Device nodes in the root can be used.</summary>
    Devices = 2,
}

/// <summary>What a bind mount's target is made as where it is missing.</summary>
public enum BindTarget
{
    /// <summary>A directory.</summary>
    ToDirectory = 1,

    /// <summary>An empty file.</summary>
    ToFile = 2,

    /// <summary>A directory if the source is one, else an empty file.</summary>
    LikeSource = 3,
}
