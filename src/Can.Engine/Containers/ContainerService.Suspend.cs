using Can.Engine.Containers.Files;
using Can.Engine.Kernel;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Freezes all its processes; one that is suspended is left alone.</summary>
    /// <exception cref="CanException"><c>ContainerNotRunning</c></exception>
    public Container Suspend(string id, CancellationToken cancellation) => Freeze(id, frozen: true, cancellation);

    /// <summary>Thaws all its processes; one that runs is left alone.</summary>
    /// <exception cref="CanException"><c>ContainerNotRunning</c></exception>
    public Container Resume(string id, CancellationToken cancellation) => Freeze(id, frozen: false, cancellation);

    private Container Freeze(string id, bool frozen, CancellationToken cancellation)
    {
        using var held = Lock(id, out var definition, cancellation);
        if (statuses.Read(id, out _).State is not (ContainerState.Running or ContainerState.Suspended))
        {
            throw NotRunning(definition);
        }

        BriefSuspension.Forget(root, id);
        HostFacts.Current.Cgroups.Freeze(root, id, frozen, cancellation);
        return Snapshot(definition);
    }
}
