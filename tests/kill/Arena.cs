using System.Diagnostics;
using Can.Engine;

namespace Can.Kill;

/// <summary>A root with an image and a bystander in it, and the means to start and trace subjects.</summary>
internal sealed class Arena : IDisposable
{
    private const string Strace = "/usr/bin/strace";

    private readonly CanEngine engine;
    private readonly Bystander bystander;

    /// <param name="directory">An empty directory; holds everything.</param>
    /// <param name="image">Tar of a root file system.</param>
    /// <param name="gateProgram">What takes the helper's place (gate.c).</param>
    /// <param name="shell">The command line of a pwsh that runs subject.ps1 with the module; null leaves it out.</param>
    public Arena(string directory, string image, string gateProgram, string[]? shell)
    {
        (Directory, GateProgram, Shell) = (directory, gateProgram, shell);
        engine = new CanEngine(CanRoot.At(Root));
        engine.Images.Import(image, Operation.Image, null, null, CancellationToken.None);
        NetworkOperations.MakeNetworks(engine);
        bystander = Bystander.Start(engine);
    }

    public string Directory { get; }

    public string Root => $"{Directory}/root";

    public string GateProgram { get; }

    public string[]? Shell { get; }

    /// <summary>Where strace writes.</summary>
    public string Output => $"{Directory}/strace";

    /// <summary>Starts this program as a subject.</summary>
    public static Process Start(IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Self(), .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>Starts a pwsh as a subject.</summary>
    public Process StartShell(string operation, string name)
    {
        var start = new ProcessStartInfo(Shell![0], [.. Shell[1..], operation, name]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment[CanRoot.Variable] = Root;
        return Process.Start(start)!;
    }

    /// <summary>Attaches strace to one thread; returns once every further system call of it is counted.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="kill">Where to kill; null for nowhere.</param>
    /// <param name="follow">Trace the threads that it starts as well.</param>
    public Process Attach(string thread, Kill? kill, bool follow)
    {
        string[] arguments = [.. Trace.Arguments(Trace.EngineCalls, kill, Output), .. follow ? ["-f"] : Array.Empty<string>(), "-p", thread];
        var strace = Process.Start(new ProcessStartInfo(Strace, arguments) { RedirectStandardError = true })!;
        while (strace.StandardError.ReadLine() is { } line && !line.Contains("attached", StringComparison.Ordinal))
        {
        }

        return strace;
    }

    /// <summary>Says how the gate is to trace the helper. Nobody reads what strace says of further processes: -I3 blocks the SIGPIPE.</summary>
    public void Gate(Kill? kill) => File.WriteAllLines($"{Directory}/gate", [engine.Helper.Location, Strace, "-I3", "-f", .. Trace.Arguments(Trace.HelperCalls, kill, Output)]);

    public void Dispose()
    {
        foreach (var container in engine.Containers.List())
        {
            engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
        }

        foreach (var network in engine.Networks.List())
        {
            engine.Networks.Remove(network.Name);
        }

        CanEngine.Host.Cgroups.RemoveParents(engine.Root);
    }

    /// <summary>What the last case of all left.</summary>
    public string? CheckLast(Case last) => new Aftermath(engine, bystander).Check(last.Name);

    /// <summary>Under <c>dotnet PROGRAM.dll</c> the program is an argument.</summary>
    private static string[] Self() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
}
