namespace Can.Engine.Tests;

/// <summary>A test with another program as its witness; skipped, with the reason, where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute(params string[] programs) => Skip = Peer.Missing(programs);
}

/// <inheritdoc cref="PeerFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PeerTheoryAttribute : TheoryAttribute
{
    public PeerTheoryAttribute(params string[] programs) => Skip = Peer.Missing(programs);
}

/// <summary>Other programs.</summary>
internal static class Peer
{
    private const string DockerSocket = "/var/run/docker.sock";

    /// <summary>Why a test cannot be run; null if it can.</summary>
    public static string? Missing(string[] programs) =>
        !Environment.IsPrivilegedProcess ? "needs root"
        : Array.Find(programs, static program => !IsInstalled(program)) is { } missing ? $"{missing} is not installed"
        : programs.Contains("docker") && !File.Exists(DockerSocket) ? "no docker daemon runs"
        : null;

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));
}
