using Can.Engine.Containers.Files;
using Can.Engine.Images.Importing;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>
    /// Writes what a container has changed of its image as the archive of a layer. One that runs stands still meanwhile, and runs on
    /// afterwards whatever happens; one that is suspended stays so.
    /// </summary>
    /// <param name="id">The container.</param>
    /// <param name="suspend">Whether a running one stands still.</param>
    /// <param name="output">Where the archive goes.</param>
    /// <param name="progress">Told, on the calling thread, the bytes of files written so far.</param>
    /// <param name="cancellation">Stops it.</param>
    internal void WriteLayer(string id, bool suspend, BlockWriter output, Action<long> progress, CancellationToken cancellation)
    {
        using var held = Lock(id, out var definition, cancellation);
        var state = statuses.Read(id, out _).State;
        var running = state is ContainerState.Running or ContainerState.Restarting;
        using var still = suspend && state == ContainerState.Running ? BriefSuspension.Begin(root, id, cancellation) : null;
        var archive = new LayerArchive(output, definition.Name, changing: running && still is null);
        WalkChanges(
            definition,
            archive.BeginAt,
            change =>
            {
                archive.Write(change);
                progress(archive.Done);
            },
            cancellation);
        archive.End();
    }
}
