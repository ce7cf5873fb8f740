using System.Diagnostics;
using Can.Engine.Containers;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Processes;

namespace Can.Engine.Tests;

/// <summary>
/// An engine over a root of its own with a busybox image in it, shared by the tests of one class (IClassFixture) or made by a
/// single test. Disposing it ends and removes everything, whatever the engine under test thinks of it.
/// </summary>
public sealed class EngineFixture : IDisposable
{
    /// <summary>The image's reference.</summary>
    public const string Busybox = "busybox:latest";

    /// <summary>What a test waits at most for something that is bound to happen; a slow machine must not fail it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly TemporaryDirectory directory = new();
    private readonly Lazy<CanEngine> engine;
    private int names;

    public EngineFixture()
    {
        Root = CanRoot.At(directory.Path);
        engine = new(Open);
    }

    public CanRoot Root { get; }

    /// <summary>The engine; the image is imported on first use, so that a class whose tests are all skipped needs no right.</summary>
    public CanEngine Engine => engine.Value;

    public ContainerService Containers => Engine.Containers;

    /// <summary>The helper that the build put beside the tests.</summary>
    public static string HelperPath => Path.Combine(AppContext.BaseDirectory, "can-monitor");

    /// <summary>A path on the host, in the root's temporary directory.</summary>
    public string PathOf(string name) => directory[name];

    /// <summary>A second engine over the same root, as another process would have it.</summary>
    public CanEngine Another() => new(Root, HelperPath);

    /// <summary>A name that no other container of this root has.</summary>
    public string NewName() => $"test-{Interlocked.Increment(ref names)}";

    /// <summary>Options of a busybox container with a name of its own, without a network: tests must not touch the machine's.</summary>
    public ContainerOptions Options(params string[] command) =>
        new() { Image = Busybox, Name = NewName(), Command = command, Networks = [new() { Network = NetworkMode.None }] };

    /// <summary>Options of a container that runs a script.</summary>
    public ContainerOptions Script(string script) => Options("/bin/sh", "-c", script);

    /// <summary>Creates and starts a container.</summary>
    public Container Start(ContainerOptions options) => Containers.Create(options, start: true, CancellationToken.None);

    /// <summary>Creates and starts a container that sleeps until it is ended; it takes SIGTERM at once.</summary>
    public Container StartSleeper()
    {
        var container = Start(Script("trap 'exit 0' TERM; echo ready; while :; do sleep 1000 & wait; done"));

        // Before that it would not take the signal: the kernel sends PID 1 none that it has no handler for.
        Eventually(() => Log(container).Count > 0, "the trap is set");
        return container;
    }

    /// <summary>Runs a script in a container to its end; gives the snapshot of the ended container.</summary>
    public Container RunToEnd(string script) => WaitExited(Start(Script(script)));

    /// <summary>Waits until a container has ended for good.</summary>
    public Container WaitExited(Container container) =>
        Assert.Single(Containers.Wait([container.Id], WaitCondition.Exited, any: false, Patience, CancellationToken.None));

    /// <summary>The messages of a container's log so far.</summary>
    public IReadOnlyList<string> Log(Container container) =>
        [.. Containers.ReadLog(container.Id, new LogOptions(), CancellationToken.None).Select(entry => entry.Message)];

    /// <summary>Runs a script in a running container.</summary>
    public ExecResult Exec(Container container, string script) =>
        Containers.Exec(container.Id, new ExecOptions { Command = ["/bin/sh", "-c", script] }, onLine: null, CancellationToken.None);

    /// <summary>Waits until something that is bound to happen has happened.</summary>
    public static void Eventually(Func<bool> happened, string what)
    {
        for (var started = Stopwatch.GetTimestamp(); !happened(); Thread.Sleep(5))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"did not happen: {what}");
        }
    }

    /// <summary>Asserts that an action fails with this error.</summary>
    public static CanException Fails(string errorId, Action action)
    {
        var error = Assert.Throws<CanException>(action);
        Assert.Equal(errorId, error.ErrorId);
        return error;
    }

    /// <summary>Everything that the root's containers left on the machine; empty when all has gone.</summary>
    public IReadOnlyList<string> Residue() =>
    [
        .. Entries($"{Root.State}/containers"),
        .. Entries($"{Root.State}/names/containers"),
        .. Entries($"{Root.Run}/containers"),
        .. Leaves(),
    ];

    public void Dispose()
    {
        if (engine.IsValueCreated)
        {
            foreach (var run in Entries($"{Root.Run}/containers"))
            {
                Kill(run);
            }

            // A test that plays a reboot has lost the run directory, and with it every trace of a killed container but its cgroups.
            foreach (var leaf in Leaves())
            {
                HostFacts.Current.Cgroups.Sweep(Root, Path.GetFileName(leaf));
            }

            HostFacts.Current.Cgroups.RemoveParents(Root);
        }

        directory.Dispose();
    }

    /// <summary>The root's container cgroups in every hierarchy.</summary>
    private IEnumerable<string> Leaves() => HostFacts.Current.Cgroups.Hierarchies
        .SelectMany(hierarchy => Entries(hierarchy.Parent(Root)))
        .Where(path => !path.EndsWith("/monitors", StringComparison.Ordinal));

    private CanEngine Open()
    {
        var root = directory["busybox"];
        BusyboxRoot.Make(root);
        var made = new CanEngine(Root, HelperPath);
        directory.Shell("tar -C busybox -cf busybox.tar .");
        made.Images.Import(directory["busybox.tar"], Busybox, null, null, CancellationToken.None);
        return made;
    }

    /// <summary>Not through the engine's own Remove: a fault in it must not be able to leave processes on the machine.</summary>
    private void Kill(string run)
    {
        if (StatusFile.TryRead($"{run}/status") is { Monitor: > 0 } status && PidFd.TryOpen(status.Monitor, status.MonitorStart) is { } monitor)
        {
            using (monitor)
            using (var poller = new Poller(CancellationToken.None))
            {
                monitor.Signal(9);
                poller.WaitReadable(monitor.Handle, Patience);
            }
        }

        HostFacts.Current.Cgroups.Sweep(Root, Path.GetFileName(run));
    }

    private static string[] Entries(string path) => Directory.Exists(path) ? [.. Directory.EnumerateDirectories(path).Concat(LinksIn(path))] : [];

    private static IEnumerable<string> LinksIn(string path) => Directory.EnumerateFiles(path).Where(static file => new FileInfo(file).LinkTarget is not null);
}
