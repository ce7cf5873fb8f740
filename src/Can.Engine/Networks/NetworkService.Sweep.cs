using System.Net;
using Can.Engine.Containers;
using Can.Engine.Kernel.Locks;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Networks.Wiring;
using Can.Engine.Storage;

namespace Can.Engine.Networks;

public sealed partial class NetworkService
{
    /// <summary>
    /// Takes what killed processes left: half-made networks, bridges of removed ones, leases of removed containers, translations of ports
    /// whose container does not run.
    /// </summary>
    private void Sweep()
    {
        store.SweepUnfinished();
        var definitions = Definitions();
        if (!Directory.Exists(store.RunDirectory))
        {
            return;
        }

        SweepPorts(definitions);
        definitions.ForEach(SweepLeases);
        using var held = OperationLock.TryTake(store.RunDirectory);
        if (held is not null)
        {
            SweepRemoved();
        }
    }

    /// <summary>Networks whose removal was cut short behind the point of no return. The caller holds the lock of all networks.</summary>
    private void SweepRemoved()
    {
        var known = Definitions().Select(static definition => definition.Id).ToHashSet();
        var removed = Directory.EnumerateDirectories(store.RunDirectory).Where(path => !known.Contains(Path.GetFileName(path))).ToList();
        foreach (var runDirectory in removed)
        {
            if (TryReadCopy(runDirectory) is { } definition)
            {
                bridges.Remove(definition);
            }

            Tree.Remove(runDirectory);
        }

        if (removed.Count > 0)
        {
            RemoveUnusedTable();
        }
    }

    private static NetworkDefinition? TryReadCopy(string runDirectory)
    {
        try
        {
            return JsonFile.TryRead(NetworkBridges.CopyIn(runDirectory), NetworkReader.Definition);
        }
        catch (CanException error) when (error.ErrorId == "StoreCorrupt")
        {
            // It was killed while it wrote, which it does before it makes anything.
            return null;
        }
    }

    /// <summary>
    /// Whose a translation is, the lease of the address says to which it leads. Under its owner's lock nobody starts, changes or ends that
    /// container, so what it does not know of then is a killed monitor's.
    /// </summary>
    private void SweepPorts(List<NetworkDefinition> definitions)
    {
        foreach (var port in bridges.Table.Exists() ? bridges.Table.ListPublished() : [])
        {
            if (definitions.Find(network => network.Pools.Any(pool => pool.Subnet.Contains(port.Address))) is not { } network)
            {
                continue; // the host's own resolver, or a network that is being removed: it goes with its network
            }

            if (store.Leases(network.Id).OwnerOf(port.Address) is { } owner)
            {
                engine.Containers.WithFree(owner, () => SweepPort(port, owner));
            }
            else
            {
                SweepUnowned(port, network);
            }
        }
    }

    /// <summary>The caller has the owner's operation lock.</summary>
    private void SweepPort(PortTranslation port, string owner)
    {
        if (!engine.Containers.IsAlive(owner) || records.TryRead(owner) is not { } record || !PortElements.Of(record).Contains(port))
        {
            ports.Remove([port]);
        }
    }

    /// <summary>Nobody has the address; for a moment it is taken, lest somebody gets it and publishes the same port meanwhile.</summary>
    private void SweepUnowned(PortTranslation port, NetworkDefinition network)
    {
        var (table, sweeper) = (store.Leases(network.Id), new string('0', IdBytes * 2));
        if (table.TryClaim(port.Address, sweeper))
        {
            ports.Remove([port]);
            table.Release(port.Address, sweeper);
        }
    }

    /// <summary>Gives back the leases of a network whose owners are gone or do not know of them.</summary>
    private void SweepLeases(NetworkDefinition network)
    {
        var table = store.Leases(network.Id);
        table.Repair(() => KnownLeases(network));
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

    /// <summary>Whether a container that there is knows that it has an address, or was promised it.</summary>
    private bool Holds(string owner, NetworkDefinition network, IPAddress address) =>
        engine.Containers.IsDefined(owner)
        && (records.TryRead(owner)?.Endpoints.Any(endpoint => endpoint.NetworkId == network.Id && endpoint.Addresses.Contains(address)) == true
            || (engine.Containers.TryReadDefinition(owner) is { } definition && Promised(definition, network).Contains(address)));

    /// <summary>The addresses that containers have on a network by their records, and those that were promised to them.</summary>
    private IEnumerable<(IPAddress Address, string Owner)> KnownLeases(NetworkDefinition network)
    {
        var had = engine.Containers.RunIds().Select(id => (Id: id, Record: records.TryRead(id))).SelectMany(pair => (pair.Record?.Endpoints ?? [])
            .Where(endpoint => endpoint.NetworkId == network.Id).SelectMany(static endpoint => endpoint.Addresses).Select(address => (address, pair.Id)));
        var promised = engine.Containers.DefinitionsUsingNetwork(network.Name)
            .SelectMany(container => Promised(container, network).Select(address => (address, container.Id)));
        return promised.Concat(had);
    }

    private static IEnumerable<IPAddress> Promised(ContainerDefinition container, NetworkDefinition network) => (container.Attachments ?? [])
        .Where(attachment => attachment.Network == network.Name)
        .SelectMany(static attachment => (string?[])[attachment.IPAddress, attachment.IPv6Address]).OfType<string>()
        .Select(IPAddress.Parse);

    /// <summary>The containers that run, and what they have of their networks.</summary>
    private IEnumerable<LivingContainer> Living() => engine.Containers.RunningIds()
        .Select(id => (Id: id, Record: records.TryRead(id)))
        .Where(static pair => pair.Record is not null)
        .Select(static pair => new LivingContainer(
            pair.Record!, [.. pair.Record!.Endpoints.Select(endpoint => (endpoint.NetworkId, LinkNameOf(pair.Id, NumberOf(endpoint))))]));
}
