using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Networks.Names;
using Can.Engine.Networks.Wiring;
using Can.Engine.Storage;

namespace Can.Engine.Networks;

/// <summary>Everything that can be done with networks.</summary>
public sealed partial class NetworkService
{
    private const int IdBytes = 32;

    private readonly CanEngine engine;
    private readonly CanRoot root;
    private readonly NetworkStore store;
    private readonly NetworkRecords records;
    private readonly NetworkBridges bridges;
    private readonly NetworkHosts hosts;
    private readonly NetworkLeases leases;
    private readonly PortElements ports;

    internal NetworkService(CanEngine engine)
    {
        this.engine = engine;
        root = engine.Root;
        store = new NetworkStore(root);
        records = new NetworkRecords(root);
        var table = new NftTable(root.CgroupName);
        bridges = new NetworkBridges(store, table, Living, engine.Notify, WarnOfFirewalls);
        ports = new PortElements(table);
        hosts = new NetworkHosts(root, store);
        leases = new NetworkLeases(store, SweepLeases, KnownLeases);
    }

    /// <summary>Every network, by name. What killed processes left behind is swept away on the way.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public IReadOnlyList<Network> List()
    {
        Privileges.RequireRoot();
        Sweep();
        return [.. Definitions().Select(Snapshot)];
    }

    /// <summary>The network of this literal name; null if there is none.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public Network? TryGet(string name)
    {
        Privileges.RequireRoot();
        return store.TryRead(name) is { } definition ? Snapshot(definition) : null;
    }

    /// <summary>Networks that no container is on, by name; the default one is never among them.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public IReadOnlyList<Network> ListUnused() => [.. List().Where(static network => network.Name != NetworkName.Default && network.Containers.Count == 0)];

    /// <summary>Names of all networks, for completion.</summary>
    public IReadOnlyList<string> Names() => store.Names();

    /// <summary>Makes a network; its bridge appears when the first container is started on it.</summary>
    /// <exception cref="CanException"><c>NetworkExists</c>, <c>NetworkInterfaceTaken</c>, and what <see cref="NetworkResolver"/> raises.</exception>
    public Network Create(NetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Privileges.RequireRoot();
        RunDirectory.Prepare(root);

        // Subnets are compared with those of all others, so one is made at a time. What a killed removal left is in nobody's way.
        using var held = OperationLock.Take(store.RunDirectory, CancellationToken.None);
        SweepRemoved();
        var definition = Resolve(options);
        if (Exists(definition.Name) || !store.TryPublish(definition))
        {
            throw new CanException(
                "NetworkExists", CanErrorCategory.ResourceExists,
                $"There is a network '{options.Name}' already. Choose another name, or remove that one: Remove-CanNetwork {options.Name}.", options.Name);
        }

        WarnOfFirewalls(definition);
        return Snapshot(definition);
    }

    /// <summary>Removes a network with its bridge and rules.</summary>
    /// <exception cref="CanException"><c>NetworkNotFound</c>, <c>NetworkInUse</c> (the message names the containers)</exception>
    public void Remove(string name)
    {
        Privileges.RequireRoot();
        RunDirectory.Prepare(root);
        using var held = OperationLock.Take(store.RunDirectory, CancellationToken.None);
        var definition = Require(name);
        RequireUnused(name);
        if (store.Withdraw(name) is not { } taken)
        {
            return;
        }

        // A container publishes its definition first and looks for its networks second: look again now that it would find none.
        try
        {
            RequireUnused(name);
        }
        catch
        {
            store.Restore(name, taken);
            throw;
        }

        bridges.Remove(definition);
        RemoveUnusedTable();
        Tree.Remove(store.RunDirectoryOf(definition.Id));
        Tree.Remove(taken);
    }

    /// <summary>Names of the containers on a network.</summary>
    internal IReadOnlyList<string> ContainersOf(string network) =>
        engine.Containers.DefinitionsUsingNetwork(network).Select(static definition => definition.Name).Order(StringComparer.Ordinal).ToArray();

    /// <summary>The table's lines; none where it was never needed, or nftables is not there.</summary>
    internal IReadOnlyList<string> Rules() => bridges.Table.Exists()
        ? bridges.Table.Describe().Split('\n', StringSplitOptions.RemoveEmptyEntries)
        : [];

    /// <summary>The definition of a network; the default one is made if need be.</summary>
    /// <exception cref="CanException"><c>NetworkNotFound</c></exception>
    internal NetworkDefinition RequireOrMake(string name)
    {
        while (name == NetworkName.Default && store.TryRead(name) is null)
        {
            try
            {
                _ = Create(new NetworkOptions { Name = name });
            }
            catch (CanException error) when (error.ErrorId == "NetworkExists")
            {
                // Somebody else was faster: theirs is as good.
            }
        }

        return Require(name);
    }

    /// <summary>What the default network would be like; made by nobody.</summary>
    private NetworkDefinition RequireOrPreview(string name) =>
        store.TryRead(name) ?? (name == NetworkName.Default ? Resolve(new NetworkOptions { Name = name }) : Require(name));

    private NetworkDefinition Require(string name) => store.TryRead(name) ?? throw new CanException(
        "NetworkNotFound", CanErrorCategory.ObjectNotFound,
        $"There is no network '{name}'. Get-CanNetwork lists those there are; New-CanNetwork {name} makes one.", name);

    private NetworkDefinition Resolve(NetworkOptions options)
    {
        var others = Definitions();
        var taken = others.SelectMany(static other => other.Pools.Select(pool => new TakenSubnet(pool.Subnet, $"the network '{other.Name}'")))
            .Concat(NetworkBridges.TakenOnHost()).ToList();
        var id = Entropy.Hex(IdBytes);

        // Roots other than the machine's own must not get in its way.
        var preferred = options.Name == NetworkName.Default && root.CgroupName == "can" ? NetworkName.Default : null;
        var definition = NetworkResolver.Resolve(options, id, preferred, DateTimeOffset.UtcNow, taken);
        return others.FirstOrDefault(other => other.Interface == definition.Interface && other.Name != definition.Name) is not { } clash ? definition : throw new CanException(
            "NetworkInterfaceTaken", CanErrorCategory.ResourceExists,
            $"The interface '{definition.Interface}' is the bridge of the network '{clash.Name}'. Choose another name.", definition.Interface);
    }

    /// <summary>The table goes with the last network.</summary>
    private void RemoveUnusedTable()
    {
        if (store.Names().Count == 0 && bridges.Table.Exists())
        {
            bridges.Table.Remove();
        }
    }

    private bool Exists(string name) => store.TryRead(name) is not null;

    private List<NetworkDefinition> Definitions() => [.. store.Names().Select(store.TryRead).OfType<NetworkDefinition>()];

    private void RequireUnused(string name)
    {
        if (ContainersOf(name) is { Count: > 0 } users)
        {
            throw new CanException(
                "NetworkInUse", CanErrorCategory.InvalidOperation,
                $"The network '{name}' is in use by {string.Join(", ", users)}. Remove {(users.Count == 1 ? "that container" : "those containers")} first, or take {(users.Count == 1 ? "it" : "them")} off: Disconnect-CanNetwork {name}.", name);
        }
    }

    private Network Snapshot(NetworkDefinition definition) => new(this, definition);
}
