using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Kernel.Sockets;
using Can.Engine.Networks;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Publishes ports of a container, or takes them back, at once where it runs.</summary>
    /// <param name="id">The container.</param>
    /// <param name="publish">Ports to publish in addition; of a stopped container they are published from its next start on.</param>
    /// <param name="unpublish">Published ports to take back: those with this port of the container, and this address and port of the host where they are given.</param>
    /// <param name="cancellation">Ends the wait for the container's lock.</param>
    /// <exception cref="CanException">
    /// <c>NetworkOptionConflict</c>, <c>PortDuplicate</c>, <c>PortInUse</c>, <c>PortNotPublished</c>, <c>PublishAddressNotFound</c>, <c>PublishNeedsIPv6</c>, <c>PublishOnInternal</c>
    /// </exception>
    public Container ChangePorts(string id, IReadOnlyList<PortMapping> publish, IReadOnlyList<PortMapping> unpublish, CancellationToken cancellation)
    {
        using var held = Lock(id, out var definition, cancellation);
        if (definition.Attachments is null)
        {
            throw new CanException(
                "NetworkOptionConflict", CanErrorCategory.InvalidOperation,
                $"Ports of '{definition.Name}' cannot be published: it was made with -Network {definition.Network} and has no network of its own.", definition.Name);
        }

        var isRunning = RunLock.IsHeld($"{root.ContainerRun(id)}/run.lock");
        var record = isRunning ? engine.Networks.RecordOf(id) : null;
        var (kept, gone) = Take(definition, record?.Ports ?? [], unpublish);
        var added = AttachmentResolver.PortsOf(publish) ?? [];
        var changed = definition with { Ports = AttachmentResolver.PortsOf([.. kept, .. added]) };
        if (added.Count > 0)
        {
            engine.Networks.Validate(changed);
        }

        if (isRunning)
        {
            ChangeRunning(changed, added, gone, cancellation);
        }

        store.Write(changed);
        return Snapshot(changed);
    }

    /// <summary>What of the definition's ports is left, and which published ones go.</summary>
    private static (List<PortMapping> Kept, List<PublishedPort> Gone) Take(
        ContainerDefinition definition, IReadOnlyList<PublishedPort> published, IReadOnlyList<PortMapping> unpublish)
    {
        var kept = (definition.Ports ?? []).ToList();
        var gone = new List<PublishedPort>();
        foreach (var wanted in unpublish.SelectMany(static mapping => mapping.Each()))
        {
            // A port that the kernel picked is known by the record alone.
            var live = published.FirstOrDefault(port => !gone.Contains(port) && wanted.Fits(port.Address, port.HostPort, port.ContainerPort, port.Protocol));
            var index = kept.FindIndex(port => wanted.Fits(port.Address, port.HostPort, port.ContainerPort, port.Protocol)
                || (live is not null && port.HostPort == 0 && port.ContainerPort == live.ContainerPort && port.Address == live.Address && port.Protocol == live.Protocol));
            if (live is null && index < 0)
            {
                throw new CanException(
                    "PortNotPublished", CanErrorCategory.ObjectNotFound,
                    $"'{definition.Name}' does not publish '{wanted}'. It publishes {(kept.Count > 0 ? string.Join(", ", kept) : "nothing")}.", wanted.ToString());
            }

            if (index >= 0)
            {
                kept.RemoveAt(index);
            }

            if (live is not null)
            {
                gone.Add(live);
            }
        }

        return (kept, gone);
    }

    /// <summary>
    /// The monitor gets the sockets before the kernel translates, and gives them back after it has stopped to: at every moment a port
    /// that is translated is reserved. When the translation fails the new ones go back at once.
    /// </summary>
    private void ChangeRunning(ContainerDefinition changed, IReadOnlyList<PortMapping> added, List<PublishedPort> gone, CancellationToken cancellation)
    {
        using var control = ControlConnection.TryConnect(root.ContainerRun(changed.Id)) ?? throw NotRunning(changed);
        using var reserved = NetworkService.ReserveMore(added);
        if (reserved.Ports.Count > 0 && !control.Reserve(reserved.Ports, cancellation))
        {
            throw NotRunning(changed);
        }

        try
        {
            engine.Networks.ChangePorts(changed, [.. added.Zip(reserved.Ports)], gone, () => RenewPlan(changed));
        }
        catch
        {
            _ = control.Release(reserved.Ports.Select(static port => port.Key()), CancellationToken.None);
            throw;
        }

        _ = control.Release(gone.Select(static port => PortReservation.KeyOf(System.Net.IPAddress.Parse(port.Address), port.HostPort, port.Protocol)), cancellation);
    }
}
