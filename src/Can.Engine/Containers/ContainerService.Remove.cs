namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Removes a container, its writable layer, log and anonymous volumes; a running one only with force.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>ContainerRunning</c></exception>
    public void Remove(string id, bool force, CancellationToken cancellation)
    {
        using var held = Lock(id, out var definition, cancellation);
        var status = statuses.Read(id, out _);
        if (status.State is ContainerState.Running or ContainerState.Suspended or ContainerState.Restarting)
        {
            if (!force)
            {
                throw new CanException("ContainerRunning", CanErrorCategory.InvalidOperation,
                    $"The container '{definition.Name}' is {status.State.ToString().ToLowerInvariant()}. Stop it first (Stop-CanContainer {definition.Name}), or remove it with -Force.", definition.Name);
            }
        }

        StopLocked(definition, timeout: null, force: true, cancellation);
        RemoveLocked(definition);
    }

    /// <summary>
    /// Removes a container that does not run and whose operation lock the caller holds. The definition goes first: whatever a kill
    /// leaves after that is garbage that the next look sweeps away.
    /// </summary>
    private void RemoveLocked(ContainerDefinition definition)
    {
        store.Withdraw(definition.Id);
        store.Names.ReleaseIfOwnedBy(definition.Name, definition.Id);
        residue.RemoveFiles(definition.Id, definition.Mounts);
    }
}
