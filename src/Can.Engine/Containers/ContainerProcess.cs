namespace Can.Engine.Containers;

/// <summary>A process of a container.</summary>
/// <param name="Container">The container's name.</param>
/// <param name="ProcessId">Its id on the host.</param>
/// <param name="ContainerProcessId">Its id in the container.</param>
/// <param name="ParentProcessId">Its parent's id on the host.</param>
/// <param name="User">User id on the host.</param>
/// <param name="State">One letter as in /proc/PID/stat.</param>
/// <param name="CpuTime">User and system time so far.</param>
/// <param name="WorkingSet">Resident memory in bytes.</param>
/// <param name="StartTime">When it started.</param>
/// <param name="CommandLine">Program and arguments.</param>
public sealed record ContainerProcess(
    string Container, int ProcessId, int ContainerProcessId, int ParentProcessId, int User, char State,
    TimeSpan CpuTime, long WorkingSet, DateTimeOffset StartTime, string CommandLine);
