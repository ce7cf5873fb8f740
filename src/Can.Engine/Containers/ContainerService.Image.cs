using Can.Engine.Images;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Whether <see cref="Create"/> would receive the image first. If so, whatever can be said of the rest without it is checked.</summary>
    /// <returns>The reference of what would be received; null if the image is there.</returns>
    /// <exception cref="CanException">Those of <see cref="Create"/> that need neither the image nor its registry.</exception>
    public string? Foresee(ContainerOptions options)
    {
        RequireRoot();
        _ = engine.Images.FindOrWant(options.Image, options.Pull, out var wanted);
        if (wanted is not null)
        {
            CheckWithoutImage(options);
        }

        return wanted?.ToString();
    }

    // What an image takes that is not there is behind methods of its own: a start from one that is there touches nothing of registries.
    private ImageRecord ImageFor(ContainerOptions options, CancellationToken cancellation) =>
        engine.Images.FindOrWant(options.Image, options.Pull, out var wanted) ?? Receive(options, wanted!, cancellation);

    private ImageRecord Receive(ContainerOptions options, ImageReference wanted, CancellationToken cancellation)
    {
        CheckWithoutImage(options);
        return engine.Images.Pull(wanted, options.Pull!, cancellation);
    }

    /// <summary>Nothing is to be received for a container that cannot be made anyway.</summary>
    private void CheckWithoutImage(ContainerOptions options)
    {
        _ = PreviewPlan(Resolve(options, ImageRecord.ToCome, ContainerId.New()));
        if (options.Name is { } name && TryGetByName(name) is not null)
        {
            throw NameTaken(name);
        }
    }
}
