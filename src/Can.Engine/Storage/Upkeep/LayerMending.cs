using Can.Engine.Containers;
using Can.Engine.Images.Importing;
using Can.Engine.Storage.Content;

namespace Can.Engine.Storage.Upkeep;

/// <summary>Compares an unpacked layer with its archive by unpacking that once more, and puts the new one in the place of the old.</summary>
internal static class LayerMending
{
    /// <summary>In what the unpacked layer differs from its archive; null if in nothing.</summary>
    /// <exception cref="CanException"><c>DiskFull</c> and the like</exception>
    public static string? Difference(CanEngine engine, string diffId, Digest blob, CancellationToken cancellation)
    {
        var content = engine.Images.Content;
        using var staging = content.Begin(cancellation);
        if (!staging.TryPin(blob, cancellation) || !staging.TryPinLayer(diffId, cancellation))
        {
            return null; // removed meanwhile
        }

        try
        {
            Stage(engine, staging, diffId, blob, cancellation);
        }
        catch (CanException error) when (error.Category == CanErrorCategory.InvalidData)
        {
            return $"Its archive {blob} cannot be unpacked: {error.Message}";
        }

        using var comparison = new TreeComparison(content.Layers.RootOf(diffId), $"{staging.PathOfLayer(diffId)}/root", cancellation);
        return comparison.FirstDifference();
    }

    /// <summary>Replaces an unpacked layer, or one that is missing.</summary>
    /// <exception cref="CanException"><c>LayerInUse</c>, <c>DiskFull</c> and the like</exception>
    public static void Unpack(CanEngine engine, string diffId, Digest blob, CancellationToken cancellation)
    {
        var content = engine.Images.Content;
        using var staging = content.Begin(cancellation);
        Stage(engine, staging, diffId, blob, cancellation);
        staging.Sync();
        string? old;
        using (content.Lock(cancellation))
        {
            RequireNotRunning(engine, diffId);
            old = content.Layers.Take(diffId);
            staging.Publish();
        }

        if (old is not null)
        {
            Tree.Remove(old);
        }
    }

    private static void Stage(CanEngine engine, Staging staging, string diffId, Digest blob, CancellationToken cancellation)
    {
        var expected = new LayerExpectation { Digest = blob, DiffId = diffId };
        using var file = File.OpenRead(engine.Images.Content.Blobs.PathOf(blob));
        using var raw = new RawLayer(file, expected);
        _ = new LayerPass(staging, UnpackLimit.Of(null, engine.Root.State), expected, cancellation) { InStore = true }.Run(raw);
    }

    /// <summary>A mounted overlay must not lose what it is made of.</summary>
    private static void RequireNotRunning(CanEngine engine, string diffId)
    {
        var users = engine.Containers.List()
            .Where(container => container.State is not (ContainerState.Created or ContainerState.Exited) && container.Definition.Layers.Contains(diffId))
            .Select(static container => container.Name).ToList();
        if (users.Count > 0)
        {
            throw new CanException(
                "LayerInUse", CanErrorCategory.InvalidOperation,
                $"The layer {diffId} is in use by {string.Join(", ", users)}. Stop {(users.Count == 1 ? "that container" : "those containers")} first.", diffId);
        }
    }
}
