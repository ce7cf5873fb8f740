namespace Can.Engine.Containers;

/// <summary>What an attached caller joins.</summary>
public sealed record AttachOptions
{
    /// <summary>The caller's own terminal (descriptors 0 and 1) in raw mode, for a container with a terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>Bytes for standard input; null for none.</summary>
    public Stream? StandardInput { get; init; }

    /// <summary>Detaches when <see cref="StandardInput"/> has come to its end, and the container runs on.</summary>
    public bool DetachAfterInput { get; init; }

    /// <summary>Gets the bytes of standard output as they are, on the calling thread; null for lines.</summary>
    public Stream? StandardOutput { get; init; }

    /// <summary>Gets the bytes of standard error; null for lines.</summary>
    public Stream? StandardError { get; init; }

    /// <summary>Called on the calling thread when the container runs; from then on it can be sent signals.</summary>
    public Action<Container>? Started { get; init; }

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
