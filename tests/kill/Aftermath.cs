using System.Diagnostics;
using System.Globalization;
using Can.Engine;
using Can.Engine.Containers;
using Can.Engine.Storage.Upkeep;

namespace Can.Kill;

/// <summary>
/// What must hold after a kill, found out by another process: the next operations complete or clean up, and then nothing is left.
/// </summary>
internal sealed class Aftermath(CanEngine engine, Bystander bystander)
{
    /// <summary>What has been reported once; a case that leaves something must not make all later ones fail.</summary>
    private readonly string reported = $"{engine.Root.State}/reported";

    private readonly NetworkAftermath networks = new(engine, bystander);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Looks at what a killed operation on a container left; gives the first thing that is wrong, or null.</summary>
    public string? Check(string name)
    {
        var wrong = Attempt(() => Complete(name) ?? bystander.Check(engine) ?? LeftBehind());
        if (wrong is not null)
        {
            _ = Attempt(RemoveOthers);
        }

        return wrong;
    }

    private static string? Attempt(Func<string?> action)
    {
        try
        {
            return action();
        }
        catch (CanException error)
        {
            return $"{error.ErrorId}: {error.Message}";
        }
    }

    /// <summary>What one case left is not held against the ones after it.</summary>
    private string? RemoveOthers()
    {
        // Containers first: a network in use stays.
        foreach (var container in engine.Containers.List().Where(static container => container.Name != Bystander.Name))
        {
            engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
        }

        foreach (var network in engine.Networks.List().Where(static network => network.Name is not (NetworkOperations.Network or NetworkOperations.Second)))
        {
            engine.Networks.Remove(network.Name);
        }

        return null;
    }

    private string? Complete(string name)
    {
        var errors = new List<string>();
        var listed = engine.Containers.List(error => errors.Add(error.Message));
        if (errors.Count > 0)
        {
            return $"List reports: {string.Join("; ", errors)}";
        }

        _ = engine.Volumes.List();
        _ = engine.Networks.List();
        foreach (var container in listed.Where(container => container.Name != Bystander.Name))
        {
            if (container.Name != name && container.Name != Operation.Renamed(name))
            {
                return $"there is a container that nobody made: {container.Name}";
            }

            if (Finish(container) is { } wrong)
            {
                return wrong;
            }
        }

        return networks.Complete(name) ?? CompleteImages(name) ?? Reuse(name);
    }

    /// <summary>Names that were taken can be taken again.</summary>
    private string? Reuse(string name)
    {
        foreach (var free in (string[])[name, Operation.Renamed(name)])
        {
            var made = engine.Containers.Create(Operation.Sleeper(free), start: false, CancellationToken.None);
            engine.Containers.Remove(made.Id, force: false, CancellationToken.None);
        }

        networks.Reuse(name);
        return null;
    }

    /// <summary>An image that is there is whole; the same can be imported, and goes again with all that a kill left of it.</summary>
    private string? CompleteImages(string name)
    {
        var made = engine.Images.List().SelectMany(static image => image.References).Where(static reference => reference != Operation.Image).ToList();
        if (made.Find(reference => reference != $"{name}:latest") is { } stranger)
        {
            return $"there is an image that nobody made: {stranger}";
        }

        var damage = engine.Storage.Check(deep: made.Count > 0, null, CancellationToken.None).FirstOrDefault(static problem => problem.Kind != StorageProblemKind.Leftover);
        if (damage is not null)
        {
            return $"{damage.Path}: {damage.Problem}";
        }

        foreach (var reference in made)
        {
            engine.Images.Remove(reference, force: false);
        }

        engine.Images.Import(Operation.Archive(engine.Root), name, null, null, CancellationToken.None);
        engine.Images.Remove(name, force: false);
        return null;
    }

    /// <summary>A container that is still there goes through the rest of a life.</summary>
    private string? Finish(Container container)
    {
        var stopped = engine.Containers.Stop(container.Id, TimeSpan.FromSeconds(5), force: false, CancellationToken.None);
        if (stopped.State is not (ContainerState.Exited or ContainerState.Created))
        {
            return $"a stopped container is {stopped.State}";
        }

        if (Cgroups().Any(path => Path.GetFileName(path) == container.Id))
        {
            return "a stopped container has a cgroup";
        }

        var started = engine.Containers.Start(container.Id, CancellationToken.None);
        engine.Containers.Stop(container.Id, TimeSpan.FromSeconds(5), force: false, CancellationToken.None);
        if (started.State is not (ContainerState.Running or ContainerState.Exited))
        {
            return $"a started container is {started.State}";
        }

        engine.Containers.Remove(container.Id, force: false, CancellationToken.None);
        return null;
    }

    /// <summary>Processes take a moment to die.</summary>
    private string? LeftBehind()
    {
        var started = Stopwatch.GetTimestamp();
        while (Leftovers() is { } left)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                File.AppendAllLines(reported, left);
                return $"left behind: {string.Join(", ", left)}";
            }

            Thread.Sleep(5);
        }

        return null;
    }

    private List<string>? Leftovers()
    {
        var root = engine.Root;
        var left = Directories($"{root.State}/containers").Concat(Directories($"{root.Run}/containers"))
            .Concat(Directories($"{root.State}/volumes")).Concat(Links($"{root.State}/names/containers"))
            .Concat(Cgroups())
            .Concat(Content(root))
            .Where(path => Path.GetFileName(path) != bystander.Id && Path.GetFileName(path) != Bystander.Name && Path.GetFileName(path) != "monitors")
            .Concat(Processes(root))
            .Concat(networks.Leftovers())
            .Except(File.Exists(reported) ? File.ReadAllLines(reported) : [])
            .ToList();
        return left.Count == 0 ? null : left;
    }

    /// <summary>What the store holds besides the one image that stays.</summary>
    private IEnumerable<string> Content(CanRoot root)
    {
        var image = engine.Images.Get(Operation.Image);
        string[] kept = [image.Id, image.Digest["sha256:".Length..], .. image.Layers];
        return Links($"{root.State}/images/blobs/sha256").Concat(Links($"{root.State}/layers")).Concat(Links($"{root.State}/staging")).Concat(Links($"{root.State}/trash"))
            .Where(path => !kept.Contains(Path.GetFileName(path)));
    }

    /// <summary>Monitors hold descriptors of the root's run directory; containers have its overlay mounted.</summary>
    private IEnumerable<string> Processes(CanRoot root)
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) && id != Environment.ProcessId && !bystander.Owns(id)
                && (Mounts(directory).Contains($"{root.State}/", StringComparison.Ordinal) || HasOpen(directory, root.Run)))
            {
                yield return $"process {id} ({Read($"{directory}/comm").Trim()})";
            }
        }
    }

    private static string Mounts(string process) => Read($"{process}/mountinfo");

    private static bool HasOpen(string process, string below)
    {
        try
        {
            return Directory.EnumerateFiles($"{process}/fd").Concat(Directory.EnumerateDirectories($"{process}/fd"))
                .Any(descriptor => new FileInfo(descriptor).LinkTarget?.StartsWith(below, StringComparison.Ordinal) ?? false);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private IEnumerable<string> Cgroups() =>
        File.ReadLines("/proc/self/mountinfo").Where(static line => line.Contains(" - cgroup", StringComparison.Ordinal))
            .SelectMany(line => Directories($"{line.Split(' ')[4]}/{engine.Root.CgroupName}"));

    private static string[] Directories(string path) => Directory.Exists(path) ? Directory.GetDirectories(path) : [];

    private static string[] Links(string path) => Directory.Exists(path) ? Directory.GetFileSystemEntries(path) : [];
}
