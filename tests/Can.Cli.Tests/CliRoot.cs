using System.Diagnostics;
using System.Globalization;

namespace Can.Cli.Tests;

/// <summary>What a command line came to.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CliResult(int Code, string Output, string Error)
{
    /// <summary>Lines of standard output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The only line of standard output.</summary>
    public string Line => Assert.Single(Lines);
}

/// <summary>
/// A store of its own for the real executable, which runs in a network namespace of its own: no test touches the machine's network.
/// Shared by the tests of one class (IClassFixture) or made by a single one; disposing it ends and removes everything.
/// </summary>
public sealed class CliRoot : IDisposable
{
    /// <summary>The image that <see cref="ImportBusybox"/> makes.</summary>
    public const string Busybox = "busybox";

    /// <summary>What a test waits at most for something that is bound to happen; a slow machine must not fail it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Lazy<Process> network = new(MakeNetwork);
    private readonly Lazy<string> archive;
    private int names;

    public CliRoot()
    {
        Directory.CreateDirectory(Root);
        archive = new(MakeArchive);
        if (Environment.IsPrivilegedProcess)
        {
            ImportBusybox();
        }
    }

    /// <summary>Where tests may put files.</summary>
    public TemporaryDirectory Files { get; } = new();

    /// <summary>The store: CAN_ROOT.</summary>
    public string Root => Files["root"];

    /// <summary>A tar of the image's root.</summary>
    public string Archive => archive.Value;

    /// <summary>The executable under test: that of the build, or <c>$CAN_EXECUTABLE</c>.</summary>
    public static string Executable { get; } = Environment.GetEnvironmentVariable("CAN_EXECUTABLE") ?? $"{Repository}/src/Can.Cli/bin/Debug/net10.0/can";

    /// <summary>The work tree.</summary>
    public static string Repository
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory.FullName, "Can.sln")))
            {
                directory = directory.Parent ?? throw new InvalidOperationException("The tests do not run inside of the repository.");
            }

            return directory.FullName;
        }
    }

    /// <summary>Makes the image, if it is not there (any more).</summary>
    public void ImportBusybox()
    {
        if (Run("images", "-q", Busybox).Output.Length == 0)
        {
            Do("import", "-q", Archive, Busybox);
        }
    }

    /// <summary>A name that no other object of this store has.</summary>
    public string NewName(string kind = "c") => $"{kind}{Interlocked.Increment(ref names)}";

    /// <summary>Runs <c>can</c>.</summary>
    public CliResult Run(params string[] arguments) => Feed("", arguments);

    /// <summary>Runs <c>can</c>, which has to succeed.</summary>
    public CliResult Do(params string[] arguments)
    {
        var result = Run(arguments);
        Assert.True(result.Code == 0, $"can {string.Join(' ', arguments)}: {result.Code}: {result.Error}");
        return result;
    }

    /// <summary>Runs <c>can</c>, which has to fail with one line that begins with its name.</summary>
    /// <returns>The line.</returns>
    public string Fails(int code, params string[] arguments)
    {
        var result = Run(arguments);
        Assert.Equal((code, ""), (result.Code, result.Output));
        var line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("can: ", line);
        return line;
    }

    /// <summary>Runs <c>can</c> with a text for standard input.</summary>
    public CliResult Feed(string input, params string[] arguments) => Execute(input, [Executable, .. arguments]);

    /// <summary>Runs any program where <c>can</c> runs.</summary>
    public CliResult Execute(string input, params string[] words) => ExecuteOnHost(input, Wrap(words));

    /// <summary>Runs any program with this store in the machine's own network.</summary>
    public CliResult ExecuteOnHost(string input, params string[] words)
    {
        using var process = Process.Start(StartInfo(words))!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading all of it.
        }

        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"does not end: {string.Join(' ', words)}: {output.Result}{error.Result}");
        }

        return new CliResult(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>The words that run a program in this store's network.</summary>
    public string[] Wrap(params string[] words) => ["nsenter", $"--net=/proc/{network.Value.Id.ToString(CultureInfo.InvariantCulture)}/ns/net", "--", .. words];

    /// <summary>Waits until something that is bound to happen has happened.</summary>
    public static void Eventually(Func<bool> happened, string what)
    {
        for (var started = Stopwatch.GetTimestamp(); !happened(); Thread.Sleep(20))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"did not happen: {what}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Environment.IsPrivilegedProcess)
        {
            // Not by the command itself: a fault in it must not be able to leave anything on the machine.
            KillMonitors();
            Eventually(() => Execute("", $"{Repository}/tests/remove-root.sh", Root).Code == 0, "the root's containers have gone");
            network.Value.Kill();
            network.Value.WaitForExit();
            network.Value.Dispose();
        }

        Files.Dispose();
    }

    /// <summary>Containers die with their monitors.</summary>
    private void KillMonitors()
    {
        var containers = $"{Root}/run/containers";
        foreach (var status in Directory.Exists(containers) ? Directory.EnumerateFiles(containers, "status", SearchOption.AllDirectories) : [])
        {
            var line = Array.Find(File.ReadAllLines(status), static line => line.StartsWith("monitor=", StringComparison.Ordinal));
            if (int.TryParse(line?["monitor=".Length..], CultureInfo.InvariantCulture, out var id) && id > 0)
            {
                Files.Shell($"kill -9 {id} 2>/dev/null || true");
            }
        }
    }

    private ProcessStartInfo StartInfo(params string[] words)
    {
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CAN_ROOT"] = Root;

        // Whatever a test forgets, no registry but one on the loopback interface can be reached: nobody listens there.
        foreach (var name in new[] { "http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY" })
        {
            start.Environment[name] = "http://127.0.0.1:1";
        }

        start.Environment["no_proxy"] = start.Environment["NO_PROXY"] = "localhost";
        return start;
    }

    private string MakeArchive()
    {
        BusyboxRoot.Make(Files["busybox"]);
        Files.Shell("tar -C busybox -cf busybox.tar .");
        return Files["busybox.tar"];
    }

    /// <summary>Somebody has to be in a network namespace, or it goes.</summary>
    private static Process MakeNetwork()
    {
        var start = new ProcessStartInfo("unshare", ["--net", "--", "sh", "-c", "ip link set lo up && echo ready && exec sleep infinity"]) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        return process;
    }
}
