using System.Net;
using Can.Engine.Kernel.Locks;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Networks.Wiring;
using Can.Engine.Storage;

namespace Can.Engine.Networks;

public sealed partial class NetworkService
{
    /// <summary>Takes what killed processes left: half-made networks, bridges of removed ones, leases of removed containers.</summary>
    private void Sweep()
    {
        store.SweepUnfinished();
        var definitions = Definitions();
        definitions.ForEach(SweepLeases);
        if (!Directory.Exists(store.RunDirectory))
        {
            return;
        }

        var known = definitions.Select(static definition => definition.Id).ToHashSet();
        foreach (var path in Directory.EnumerateDirectories(store.RunDirectory).Where(path => !known.Contains(Path.GetFileName(path))))
        {
            SweepRemoved(path);
        }
    }

    /// <summary>The network's removal was cut short behind the point of no return.</summary>
    private void SweepRemoved(string runDirectory)
    {
        using var held = OperationLock.TryTake(store.RunDirectory);
        if (held is null || Definitions().Exists(definition => store.RunDirectoryOf(definition.Id) == runDirectory))
        {
            return;
        }

        if (JsonFile.TryRead(NetworkBridges.CopyIn(runDirectory), CanJson.Default.NetworkDefinition) is { } definition)
        {
            bridges.Remove(definition);
        }

        Tree.Remove(runDirectory);
    }

    /// <summary>Gives back the leases of a network whose owners are gone or do not know of them.</summary>
    private void SweepLeases(NetworkDefinition network)
    {
        var table = store.Leases(network.Id);
        table.RemoveDamaged();
        foreach (var (address, owner) in table.List())
        {
            if (!Holds(owner, network, address))
            {
                engine.Containers.WithFree(owner, () => SweepLease(network, address, owner));
            }
        }
    }

    /// <summary>The caller has the owner's operation lock.</summary>
    private void SweepLease(NetworkDefinition network, IPAddress address, string owner)
    {
        if (!Holds(owner, network, address) && store.Leases(network.Id).OwnerOf(address) == owner)
        {
            hosts.Remove(network.Id, address);
            store.Leases(network.Id).Release(address, owner);
        }
    }

    /// <summary>Whether a container that there is knows that it has an address.</summary>
    private bool Holds(string owner, NetworkDefinition network, IPAddress address) =>
        engine.Containers.IsDefined(owner)
        && records.TryRead(owner)?.Endpoints.Any(endpoint => endpoint.NetworkId == network.Id && endpoint.Addresses.Contains(address)) == true;

    /// <summary>Elements for the ports of every container that runs.</summary>
    private IEnumerable<MapElement> PublishedElements() => engine.Containers.RunningIds()
        .Select(records.TryRead).OfType<NetworkRecord>().SelectMany(static record => Translations(record)).Select(MapElement.Published);

    /// <summary>Whoever has reserved a port knows that any other element of it is a dead container's.</summary>
    private void SweepPorts(NetworkRecord record)
    {
        if (record.Ports.Count == 0)
        {
            return;
        }

        var stale = bridges.Table.FindOthers([.. Translations(record)]);
        if (stale.Count > 0)
        {
            bridges.Table.Delete([.. stale.Select(MapElement.Published)]);
        }
    }

    private void SweepElements(NetworkRecord record)
    {
        var elements = Translations(record).Select(MapElement.Published).ToList();
        if (elements.Count > 0 && bridges.Table.Exists())
        {
            bridges.Table.Delete(elements);
            ConnectionTracking.Forget(Translations(record));
        }
    }
}
