using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>Counts what belongs to the whole process, so nothing else may run beside it.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class AloneDefinition;

/// <summary>The engine is a guest in somebody's process: whatever it did, the process is as it was.</summary>
[Collection("Alone")]
public sealed class GuestTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    /// <summary>What the runtime opens when it likes: its own assemblies, its memory for compiled code, and the directory that is listed here.</summary>
    private static readonly string[] Runtime = [".dll", ".so", "doublemapper (deleted)", "/fd"];

    private ContainerService Containers => fixture.Containers;

    [RootFact]
    public void A_whole_life_changes_nothing_of_the_process()
    {
        Live();
        var before = Observe();

        Live();

        Assert.Equal(before, Observe());
    }

    [RootFact]
    public void Descriptors_and_children_are_given_back()
    {
        var container = fixture.StartSleeper();
        Use(container);
        var before = Descriptors();

        for (var round = 0; round < 25; round++)
        {
            Use(container);
        }

        Assert.Equal(before, Descriptors());
        Assert.Empty(Children());
    }

    [RootFact]
    public void Failures_give_everything_back_too()
    {
        var container = fixture.StartSleeper();
        Fail(container);
        var (before, residue) = (Descriptors(), fixture.Residue());

        for (var round = 0; round < 10; round++)
        {
            Fail(container);
        }

        Assert.Equal(before, Descriptors());
        Assert.Equal(residue, fixture.Residue());
        Assert.Empty(Children());
    }

    [RootFact]
    public void No_descriptor_reaches_a_container()
    {
        using var open = File.OpenRead("/etc/passwd");
        var container = fixture.StartSleeper();

        Assert.Equal(["0", "1", "2"], Inside(container));
        Assert.Equal(["0 1 2 3"], fixture.Exec(container, "ls /proc/self/fd | tr '\\n' ' ' | sed 's/ $//'").StandardOutput);
    }

    private static List<string> Inside(Container container) =>
        [.. Directory.EnumerateFileSystemEntries($"/proc/{container.ProcessId}/fd").Select(path => Path.GetFileName(path)).Where(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) < 10).Order()];

    private void Live()
    {
        var container = fixture.StartSleeper();
        _ = fixture.Exec(container, "true");
        Containers.Suspend(container.Id, CancellationToken.None);
        Containers.Resume(container.Id, CancellationToken.None);
        Containers.Update(container.Id, new ResourceLimits { PidsLimit = 100 }, restartPolicy: null);
        _ = Containers.Measure(container.Id, previous: null, CancellationToken.None);
        Containers.Restart(container.Id, timeout: null, CancellationToken.None);
        Containers.Rename(container.Id, fixture.NewName());
        _ = fixture.Log(container);
        Containers.Remove(container.Id, force: true, CancellationToken.None);
        _ = Containers.Run(fixture.Script("echo run"), new AttachOptions(), remove: true, onLine: null, CancellationToken.None);
    }

    private void Use(Container container)
    {
        _ = Containers.Run(fixture.Script("echo run"), new AttachOptions(), remove: true, onLine: null, CancellationToken.None);
        var made = fixture.Start(fixture.Script("echo made"));
        _ = Containers.ReadLog(made.Id, new LogOptions { Follow = true }, CancellationToken.None).Count();
        Containers.Remove(made.Id, force: true, CancellationToken.None);
        using var input = new MemoryStream("text"u8.ToArray());
        _ = Containers.Exec(container.Id, new ExecOptions { Command = ["cat"], StandardInput = input }, onLine: null, CancellationToken.None);
        _ = fixture.Exec(container, "true");
    }

    private void Fail(Container container)
    {
        EngineFixture.Fails("ContainerNameTaken", () => fixture.Start(fixture.Options("true") with { Name = container.Name }));
        EngineFixture.Fails("CommandNotFound", () => fixture.Start(fixture.Options("/no/such/program")));
        EngineFixture.Fails("CommandNotFound", () => Containers.Exec(container.Id, new ExecOptions { Command = ["no-such-program"] }, onLine: null, CancellationToken.None));
        EngineFixture.Fails("ContainerNotFound", () => Containers.Start(new string('3', 64), CancellationToken.None));
        Assert.ThrowsAny<OperationCanceledException>(() => fixture.Containers.Create(fixture.Options("true"), start: true, new CancellationToken(canceled: true)));
        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Containers.Exec(
            container.Id, new ExecOptions { Command = ["sh", "-c", "echo; exec sleep 1000"] }, _ => cancellation.Cancel(), cancellation.Token));
    }

    /// <summary>
    /// Everything of the process and its threads that others could notice. Threads may come and go; the ones there are must all be
    /// where the first one is.
    /// </summary>
    private static string Observe()
    {
        var status = File.ReadAllLines("/proc/self/status").Where(static line =>
            line.StartsWith("Umask:", StringComparison.Ordinal) || line.StartsWith("Sig", StringComparison.Ordinal) && !line.StartsWith("SigQ", StringComparison.Ordinal)
            || line.StartsWith("Cap", StringComparison.Ordinal) || line.StartsWith("NoNewPrivs", StringComparison.Ordinal) || line.StartsWith("Seccomp:", StringComparison.Ordinal));
        var namespaces = Directory.EnumerateDirectories("/proc/self/task")
            .SelectMany(task => Directory.EnumerateFileSystemEntries($"{task}/ns").Select(path => $"{Path.GetFileName(path)} {new FileInfo(path).LinkTarget}")).Distinct().Order();
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(pair => $"{pair.Key}={pair.Value}").Order();
        return string.Join('\n', [
            Directory.GetCurrentDirectory(), File.ReadAllText("/proc/self/cgroup"), File.ReadAllText("/proc/self/limits"), File.ReadAllText("/proc/self/environ"),
            .. status, .. namespaces, .. environment, .. Streams()]);
    }

    private static IEnumerable<string?> Streams() => Enumerable.Range(0, 3).Select(number => new FileInfo($"/proc/self/fd/{number}").LinkTarget);

    /// <summary>What is open, by kind.</summary>
    private static List<string> Descriptors()
    {
        // Feeder threads close their pipe a moment after the call has returned.
        var counts = new List<string>();
        for (var look = 0; look < 50; look++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var now = Count();
            if (counts.SequenceEqual(now))
            {
                break;
            }

            counts = now;
            Thread.Sleep(20);
        }

        return counts;
    }

    private static List<string> Count() =>
        [.. Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(static path => Kind(new FileInfo(path).LinkTarget)).OfType<string>().GroupBy(static kind => kind).Select(static kind => $"{kind.Key} {kind.Count()}").Order()];

    private static string? Kind(string? target) =>
        target is null || Array.Exists(Runtime, end => target.EndsWith(end, StringComparison.Ordinal)) ? null
        : target.Split(':')[0] is "pipe" or "socket" or "anon_inode" ? target.Split(':')[0]
        : target;

    private static List<string> Children() =>
        [.. Directory.EnumerateDirectories("/proc/self/task").Select(task => File.ReadAllText($"{task}/children")).SelectMany(static text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
