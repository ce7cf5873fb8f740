namespace Can.Engine.Starting;

// The twin of native/plan_format.h, which is the definition; a unit test compares the two name by name.

/// <summary>Fixed numbers of what the engine and its helper say to each other.</summary>
public static class HelperProtocol
{
    /// <summary>Largest packet on the control socket in bytes, its type included.</summary>
    public const int ControlMaximumBytes = 65536;

    /// <summary>Most sockets that one <see cref="ControlType.Reserve"/> can carry.</summary>
    public const int PortsInPacket = 253;

    /// <summary>Most sockets of published ports that a monitor holds.</summary>
    public const int PortsMaximum = 16384;
}

/// <summary>Descriptors with fixed numbers that the helper inherits; everything else it closes at entry.</summary>
public enum PlanDescriptor
{
    /// <summary>The plan: a memory file or a pipe, read to its end.</summary>
    Plan = 3,

    /// <summary>Write end of the pipe on which the helper reports.</summary>
    Sync = 4,

    /// <summary>Container: the run lock, held and inherited for the monitor's life.</summary>
    RunLock = 5,

    /// <summary>Container with <see cref="PlanOperation.SettingAttached"/>: an already attached control connection.</summary>
    Console = 6,

    /// <summary>Exec: a pidfd of the container's PID 1.</summary>
    Target = Console,

    /// <summary>Not inherited: in <see cref="PlanStage.Wire"/> the container's network namespace.</summary>
    Network = 7,

    /// <summary>Container: the first of the sockets of <see cref="PlanOperation.SettingPorts"/>.</summary>
    Ports = 8,
}

/// <summary>What the helper tells over the sync pipe.</summary>
public enum SyncKind
{
    /// <summary>The program runs: exec succeeded.</summary>
    Started = 1,

    /// <summary>A step failed.</summary>
    Failed = 2,

    /// <summary>Exec only: the process ended.</summary>
    Exited = 3,
}

/// <summary>Failures that no errno stands for.</summary>
public enum PlanError
{
    /// <summary>The plan is malformed.</summary>
    BadPlan = -1,

    /// <summary>The container has no such user.</summary>
    NoSuchUser = -2,

    /// <summary>The container has no such group.</summary>
    NoSuchGroup = -3,

    /// <summary>The helper itself could not go on; its text says why.</summary>
    Helper = -4,
}

/// <summary>Why a container is stopped; the status keeps it.</summary>
public enum StopReason
{
    /// <summary>Somebody wants it to stand still.</summary>
    User = 0,

    /// <summary>The machine ends: it may run again when the machine does.</summary>
    MachineEnds = 1,
}

/// <summary>First byte of a packet on the control socket.</summary>
public enum ControlType
{
    /// <summary>To the monitor: no restart from now on.</summary>
    Stop = 'S',

    /// <summary>To the monitor: another restart policy.</summary>
    Policy = 'P',

    /// <summary>To the monitor: attach this connection.</summary>
    Attach = 'T',

    /// <summary>To the monitor: bytes for standard input; not acknowledged.</summary>
    Input = 'I',

    /// <summary>To the monitor: end of standard input; not acknowledged.</summary>
    End = 'C',

    /// <summary>To the monitor: another terminal size; not acknowledged.</summary>
    Resize = 'R',

    /// <summary>To the monitor: hold the bound sockets that come with the packet.</summary>
    Reserve = 'N',

    /// <summary>To the monitor: close the sockets bound to some ports.</summary>
    Release = 'U',

    /// <summary>From the monitor: errno of a request, 0 when it is done.</summary>
    Ack = 'A',

    /// <summary>From the monitor: bytes of standard output, or of the terminal.</summary>
    Out = 'O',

    /// <summary>From the monitor: bytes of standard error.</summary>
    Error = 'E',

    /// <summary>From the monitor: the run ended for good.</summary>
    Exit = 'X',
}
