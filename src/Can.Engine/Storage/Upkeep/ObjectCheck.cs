using Can.Engine.Containers;

namespace Can.Engine.Storage.Upkeep;

/// <summary>Looks whether containers and volumes have what they consist of.</summary>
internal sealed class ObjectCheck(CanEngine engine)
{
    /// <summary>What is wrong.</summary>
    public IReadOnlyList<StorageProblem> Problems()
    {
        var problems = new List<StorageProblem>();
        var containers = engine.Containers.List(error => problems.Add(new StorageProblem(
            StorageProblemKind.Container, error.Target as string ?? engine.Root.State, error.Message, "Restore it from a backup, or remove its directory to give the container up.")));
        foreach (var container in containers)
        {
            problems.AddRange(ProblemsOf(container));
        }

        problems.AddRange(VolumeProblems());
        return problems;
    }

    private IEnumerable<StorageProblem> ProblemsOf(Container container)
    {
        var path = engine.Root.ContainerState(container.Id);
        var missing = container.Definition.Layers.Where(layer => !Directory.Exists(engine.Root.LayerRoot(layer))).ToList();
        if (missing.Count > 0)
        {
            yield return new StorageProblem(
                StorageProblemKind.Container, path, $"The container '{container.Name}' lacks the layer {string.Join(", ", missing)}.",
                $"Import or receive the image '{container.Image}' again, or remove the container.");
        }

        foreach (var mount in container.Mounts.Where(static mount => mount.Kind == MountKind.Volume))
        {
            if (!Directory.Exists(engine.Volumes.PathOf(mount.Source)))
            {
                yield return new StorageProblem(
                    StorageProblemKind.Container, path, $"The container '{container.Name}' lacks the volume '{mount.Source}'.",
                    $"Make it anew (New-CanVolume {mount.Source}) and fill it from a backup, or remove the container.");
            }
        }
    }

    private IEnumerable<StorageProblem> VolumeProblems()
    {
        var directory = $"{engine.Root.State}/volumes";
        if (!Directory.Exists(directory))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateDirectories(directory).Where(static path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal))
        {
            if (FaultOf(Path.GetFileName(path)) is { } fault)
            {
                yield return new StorageProblem(StorageProblemKind.Volume, path, fault, "Save its files from its directory data, and remove its directory.");
            }
        }
    }

    private string? FaultOf(string volume)
    {
        try
        {
            return engine.Volumes.TryGet(volume) is null ? "Its volume.json is missing." : Directory.Exists(engine.Volumes.PathOf(volume)) ? null : "Its directory data is missing.";
        }
        catch (CanException error) when (error.ErrorId == "StoreCorrupt")
        {
            return error.Message;
        }
    }
}
