namespace Can.Engine.Containers;

/// <summary>What a caller asks of a process in a running container.</summary>
public sealed record ExecOptions
{
    /// <summary>Program and arguments; at least one.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Environment in addition to the container's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Working directory; the container's when null.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary><c>user[:group]</c>; the container's when null.</summary>
    public string? User { get; init; }

    /// <summary>All capabilities, no seccomp filter.</summary>
    public bool Privileged { get; init; }

    /// <summary>A pseudo-terminal joined to the caller's own terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Key sequence that leaves a terminal, such as <c>ctrl-p,ctrl-q</c>; empty for none.</summary>
    public string DetachKeys { get; init; } = "ctrl-p,ctrl-q";

    /// <summary>Bytes for standard input; null for /dev/null.</summary>
    public Stream? StandardInput { get; init; }

    /// <summary>Gets the bytes of standard output as they are, on the calling thread; null for lines.</summary>
    public Stream? StandardOutput { get; init; }

    /// <summary>Gets the bytes of standard error; null for lines.</summary>
    public Stream? StandardError { get; init; }
}

/// <summary>How a process in a container ended, and what it wrote.</summary>
/// <param name="ExitCode">Exit code; 128 + signal when a signal ended it.</param>
/// <param name="Signal">The signal that ended it; 0 if none.</param>
/// <param name="StandardOutput">Lines it wrote to standard output.</param>
/// <param name="StandardError">Lines it wrote to standard error.</param>
/// <param name="Duration">From the call to its end.</param>
public sealed record ExecResult(int ExitCode, int Signal, IReadOnlyList<string> StandardOutput, IReadOnlyList<string> StandardError, TimeSpan Duration);

/// <summary>Which stream a line came from.</summary>
public enum OutputSource
{
    /// <summary>Standard output, or the terminal.</summary>
    Output,

    /// <summary>Standard error.</summary>
    Error,
}

/// <summary>A line of a process's output as it arrives, without its line end.</summary>
/// <param name="Source">Where it came from.</param>
/// <param name="Text">The line.</param>
public readonly record struct OutputLine(OutputSource Source, string Text);
