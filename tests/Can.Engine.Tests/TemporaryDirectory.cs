using System.Diagnostics;

namespace Can.Engine.Tests;

/// <summary>A directory of a test's own, gone when the test ends however it ends.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public TemporaryDirectory() => Path = Directory.CreateTempSubdirectory("can-test-").FullName;

    public string Path { get; }

    /// <summary>A path in it.</summary>
    public string this[string name] => $"{Path}/{name}";

    /// <summary>Runs a shell command in it, as a user would to make a test's input.</summary>
    /// <returns>Its standard output.</returns>
    public string Shell(string command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-ec", command]) { WorkingDirectory = Path, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{command}: {error.Result}");
    }

    // Not the engine's own removal: a fault in it must not be able to hide itself, nor what a test left.
    public void Dispose() => Process.Start("/bin/rm", ["-rf", Path]).WaitForExit();
}
