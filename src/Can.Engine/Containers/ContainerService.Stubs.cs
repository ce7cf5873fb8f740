using Can.Engine.Starting;

namespace Can.Engine.Containers;

// Signatures first: each moves into a file of its own, by verb, as it is written.
#pragma warning disable CA1822
public sealed partial class ContainerService
{
    /// <summary>Every container, oldest first.</summary>
    public IReadOnlyList<Container> List() => throw new NotImplementedException();

    /// <summary>The container of this full Id.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c></exception>
    public Container GetById(string id) => throw new NotImplementedException();

    /// <summary>The container whose Id begins so.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>ContainerIdAmbiguous</c></exception>
    public Container GetByIdPrefix(string prefix) => throw new NotImplementedException();

    /// <summary>The container of this literal name; null if there is none.</summary>
    public Container? TryGetByName(string name) => throw new NotImplementedException();

    /// <summary>Names of all containers, for completion.</summary>
    public IReadOnlyList<string> Names() => throw new NotImplementedException();

    /// <summary>Makes a container and, unless told otherwise, starts it; when the start fails nothing is left.</summary>
    public Container Create(ContainerOptions options, bool start, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>The plan that <see cref="Create"/> would carry out; makes nothing.</summary>
    public StartPlan Plan(ContainerOptions options) => throw new NotImplementedException();

    /// <summary>The plan that starts an existing container.</summary>
    public StartPlan Plan(string id) => throw new NotImplementedException();

    /// <summary>Starts a container; one that runs is left alone.</summary>
    public Container Start(string id, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Asks a container to end, kills it after the timeout (null: the container's own); with force kills it at once. One that does not run is left alone.</summary>
    public Container Stop(string id, TimeSpan? timeout, bool force, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Stops and starts it.</summary>
    public Container Restart(string id, TimeSpan? timeout, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Freezes all its processes.</summary>
    public Container Suspend(string id, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Thaws all its processes.</summary>
    public Container Resume(string id, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Gives it another name.</summary>
    /// <exception cref="CanException"><c>ContainerNameTaken</c>, <c>ContainerNameInvalid</c></exception>
    public Container Rename(string id, string newName) => throw new NotImplementedException();

    /// <summary>Changes limits (those that are not null) or the restart policy, at once where it runs.</summary>
    public Container Update(string id, ResourceLimits? limits, RestartPolicy? restartPolicy) => throw new NotImplementedException();

    /// <summary>Waits until one of the containers (all of them, unless <paramref name="any"/>) meets the condition.</summary>
    /// <returns>Snapshots of those that met it (for <see cref="WaitCondition.Removed"/>, the last known ones).</returns>
    /// <exception cref="CanException"><c>WaitTimeout</c></exception>
    public IReadOnlyList<Container> Wait(IReadOnlyList<string> ids, WaitCondition condition, bool any, TimeSpan? timeout, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Removes a container, its writable layer, log and anonymous volumes; a running one only with force.</summary>
    public void Remove(string id, bool force, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Sends a signal (<c>SIGHUP</c>, <c>HUP</c> or a number) to PID 1.</summary>
    public void Signal(string id, string signal) => throw new NotImplementedException();

    /// <summary>Reads the log, lazily, oldest line first.</summary>
    public IEnumerable<LogEntry> ReadLog(string id, LogOptions options, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Its processes as the host sees them.</summary>
    public IReadOnlyList<ContainerProcess> Processes(string id) => throw new NotImplementedException();

    /// <summary>What it uses; CpuPercent is relative to <paramref name="previous"/>, or to a short pause when that is null.</summary>
    public ContainerStatistics Measure(string id, ContainerStatistics? previous, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Runs a process in a running container to its end.</summary>
    /// <param name="id">The container.</param>
    /// <param name="options">The process.</param>
    /// <param name="onLine">Called on the calling thread for every line as it arrives; when null the lines are collected in the result.</param>
    /// <param name="cancellation">Kills the process.</param>
    public ExecResult Exec(string id, ExecOptions options, Action<OutputLine>? onLine, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Runs a process in a running container on the caller's own terminal (descriptors 0 and 1).</summary>
    /// <returns>Its exit code; null when the user detached.</returns>
    public int? ExecTerminal(string id, ExecOptions options, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Joins the caller's terminal, or the callback, to a running container until it ends, the user detaches or the call is cancelled.</summary>
    /// <param name="id">The container.</param>
    /// <param name="options">What to join.</param>
    /// <param name="onLine">Called on the calling thread for every line; null with a terminal.</param>
    /// <param name="cancellation">Detaches.</param>
    /// <returns>The container's exit code; null when detached.</returns>
    public int? Attach(string id, AttachOptions options, Action<OutputLine>? onLine, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Makes a container, runs it in the foreground to its end, and removes it unless told otherwise.</summary>
    /// <param name="options">The container. With Tty and Interactive the caller's own terminal is joined.</param>
    /// <param name="attach">What to join.</param>
    /// <param name="remove">Remove it at the end.</param>
    /// <param name="onLine">Called on the calling thread for every line; when null the lines are collected.</param>
    /// <param name="cancellation">Kills (and removes) the container.</param>
    public RunResult Run(ContainerOptions options, AttachOptions attach, bool remove, Action<OutputLine>? onLine, CancellationToken cancellation) => throw new NotImplementedException();
}
#pragma warning restore CA1822

/// <summary>What an attached caller joins.</summary>
public sealed record AttachOptions
{
    /// <summary>The caller's own terminal (descriptors 0 and 1) in raw mode, for a container with a terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>Bytes for standard input; null for none.</summary>
    public Stream? StandardInput { get; init; }

    /// <summary>Key sequence that detaches, such as <c>ctrl-p,ctrl-q</c>; empty for none.</summary>
    public string DetachKeys { get; init; } = "ctrl-p,ctrl-q";
}

/// <summary>How a foreground container ended.</summary>
/// <param name="Container">The container's last snapshot.</param>
/// <param name="ExitCode">Exit code; null when the user detached.</param>
/// <param name="OomKilled">Whether the kernel killed a process for want of memory.</param>
/// <param name="StandardOutput">Lines, when they were collected.</param>
/// <param name="StandardError">Lines, when they were collected.</param>
/// <param name="Duration">From the start to the end.</param>
public sealed record RunResult(
    Container Container, int? ExitCode, bool OomKilled, IReadOnlyList<string> StandardOutput, IReadOnlyList<string> StandardError, TimeSpan Duration);
