using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Removes a reference, or an image with all of them; layers that nobody needs go too.</summary>
    /// <param name="reference">Reference, Id or unique prefix. The last reference takes its image along.</param>
    /// <param name="force">Remove it although it has several references (by Id). One in use by a container is never removed.</param>
    /// <exception cref="CanException"><c>ImageNotFound</c>, <c>ImageInUse</c>, <c>ImageHasSeveralReferences</c></exception>
    public void Remove(string reference, bool force)
    {
        Privileges.RequireRoot();
        IReadOnlyList<string> garbage;
        using (store.Lock(CancellationToken.None))
        {
            var record = Find(reference, out var name);
            var names = store.References()[record.Id].ToList();
            if (name is not null && names.Count > 1)
            {
                store.Names.Release(name);
                return;
            }

            if (names.Count > 1 && !force)
            {
                throw new CanException(
                    "ImageHasSeveralReferences",
                    CanErrorCategory.InvalidOperation,
                    $"The image {record.Id[..12]} has several references: {string.Join(", ", names)}. Remove them one by one, or all with -Force.",
                    reference);
            }

            RequireUnused(record.Id, reference);
            Withdraw(record.Id, reference);
            garbage = CollectGarbage();
        }

        RemoveAll(garbage);
    }

    /// <summary>
    /// Hides the image, then looks for containers once more: a container publishes its definition first and looks for its image
    /// second, so at least one of the two sees the other.
    /// </summary>
    private void Withdraw(string id, string reference)
    {
        store.Hide(id);
        try
        {
            RequireUnused(id, reference);
        }
        catch
        {
            store.Show(id);
            throw;
        }
    }

    private void RequireUnused(string id, string reference)
    {
        var users = engine.Containers.DefinitionsUsingImage(id).Select(static definition => definition.Name).ToList();
        if (users.Count > 0)
        {
            throw new CanException(
                "ImageInUse",
                CanErrorCategory.InvalidOperation,
                $"The image '{reference}' is in use by {string.Join(", ", users)}. Remove {(users.Count == 1 ? "that container" : "those containers")} first.",
                reference);
        }
    }

    /// <summary>
    /// Finishes removals that were cut short and takes what nothing leads to out of sight: names without an image, layers that
    /// neither an image nor a container has, what killed imports left. The caller holds the lock.
    /// </summary>
    /// <returns>What is then to be removed, which needs no lock.</returns>
    private List<string> CollectGarbage()
    {
        try
        {
            var containers = engine.Containers.Definitions().ToList();
            var garbage = FinishRemovals(containers);
            var images = store.Ids().Select(store.TryRead).OfType<ImageRecord>().ToList();
            ReleaseNames(images);
            garbage.AddRange(layers.TakeUnreachable(
                images.SelectMany(static image => image.Layers).Concat(containers.SelectMany(static container => container.Layers)).ToHashSet()));
            return garbage;
        }
        catch (CanException exception) when (exception.ErrorId == "StoreCorrupt")
        {
            // What a damaged object needs cannot be known, so nothing is garbage until it is repaired or given up.
            return [];
        }
    }

    private List<string> FinishRemovals(List<ContainerDefinition> containers)
    {
        var garbage = new List<string>();
        foreach (var id in store.Hidden())
        {
            if (containers.Exists(definition => definition.ImageId == id))
            {
                store.Show(id);
            }
            else if (trash.Take(store.HiddenPath(id)) is { } taken)
            {
                garbage.Add(taken);
            }
        }

        return garbage;
    }

    private void ReleaseNames(List<ImageRecord> images)
    {
        store.Names.RemoveStale();
        foreach (var (name, id) in store.Names.List().Where(pair => !images.Exists(image => image.Id == pair.Value)))
        {
            store.Names.ReleaseIfOwnedBy(name, id);
        }
    }

    private void RemoveAll(IReadOnlyList<string> garbage)
    {
        foreach (var path in garbage)
        {
            Tree.Remove(path);
        }

        trash.Empty();
    }
}
