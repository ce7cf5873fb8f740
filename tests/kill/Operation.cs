using Can.Engine;
using Can.Engine.Containers;

namespace Can.Kill;

/// <summary>What is done when the kill comes, and what has to be there before.</summary>
internal sealed record Operation(string Name, Action<CanEngine, string> Prepare, Action<CanEngine, string> Run)
{
    /// <summary>Everything that is killed.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("new", Nothing, (engine, name) => Create(engine, name, start: true)),
        new("new-volume", Nothing, (engine, name) => engine.Containers.Create(
            Sleeper(name) with { Mounts = [new() { Kind = MountKind.Volume, Source = "", Target = "/data" }] }, start: false, CancellationToken.None)),
        new("start", (engine, name) => Create(engine, name, start: false), (engine, name) => engine.Containers.Start(IdOf(engine, name), CancellationToken.None)),
        new("stop", (engine, name) => Create(engine, name, start: true), (engine, name) => engine.Containers.Stop(IdOf(engine, name), null, force: false, CancellationToken.None)),
        new("remove", (engine, name) => Create(engine, name, start: false), (engine, name) => engine.Containers.Remove(IdOf(engine, name), force: false, CancellationToken.None)),
        new("remove-running", (engine, name) => Create(engine, name, start: true), (engine, name) => engine.Containers.Remove(IdOf(engine, name), force: true, CancellationToken.None)),
        new("rename", (engine, name) => Create(engine, name, start: false), (engine, name) => engine.Containers.Rename(IdOf(engine, name), Renamed(name))),
        new("run", Nothing, RunToEnd),
        new("import", Nothing, (engine, name) => Import(engine, name)),
        new("commit", CreateChanged, (engine, name) => engine.Images.Commit(IdOf(engine, name), new() { Reference = name }, null, CancellationToken.None)),
        new("remove-image", Import, (engine, name) => engine.Images.Remove(name, force: false)),
        .. NetworkOperations.All,
    ];

    /// <summary>Whether it does part of its work on threads of its own, which are traced then.</summary>
    public bool HasThreads { get; init; }

    /// <summary>The name that a container has after the operation <c>rename</c>.</summary>
    public static string Renamed(string name) => $"{name}-renamed";

    /// <summary>A container that ends at once when it is asked to.</summary>
    public static ContainerOptions Sleeper(string name) => new()
    {
        Image = Image,
        Networks = [new() { Network = "none" }], // the machine's own network stays as it is
        Name = name,
        Command = ["sleep", "1000"],
        Init = true,
    };

    public const string Image = "busybox:latest";

    /// <summary>The archive that is imported: its layer is in no other image.</summary>
    public static string Archive(CanRoot root) => Path.GetFullPath($"{root.State}/../../other.tar");

    internal static void Nothing(CanEngine engine, string name)
    {
    }

    private static void Create(CanEngine engine, string name, bool start) => engine.Containers.Create(Sleeper(name), start, CancellationToken.None);

    /// <summary>A life from birth to end, for kills of the helper: its engine waits for whatever becomes of it.</summary>
    private static void RunToEnd(CanEngine engine, string name)
    {
        var options = Sleeper(name) with { Command = ["/bin/echo", "hello"] };
        var container = engine.Containers.Create(options, start: true, CancellationToken.None);
        engine.Containers.Wait([container.Id], WaitCondition.Exited, any: false, TimeSpan.FromSeconds(20), CancellationToken.None);
    }

    private static void Import(CanEngine engine, string name) => engine.Images.Import(Archive(engine.Root), name, null, null, CancellationToken.None);

    /// <summary>A container that runs and has written, so that a commit suspends it and has something to take.</summary>
    private static void CreateChanged(CanEngine engine, string name)
    {
        var options = Sleeper(name) with { Command = ["sh", "-c", "mkdir /made && echo text > /made/file && rm /etc/group; sleep 1000"] };
        var container = engine.Containers.Create(options, start: true, CancellationToken.None);
        var upper = $"{engine.Root.ContainerState(container.Id)}/upper/etc/group";
        SpinWait.SpinUntil(() => new FileInfo(upper).Exists, TimeSpan.FromSeconds(20));
    }

    internal static string IdOf(CanEngine engine, string name) => engine.Containers.TryGetByName(name)!.Id;
}
