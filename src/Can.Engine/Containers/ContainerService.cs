using Can.Engine.Kernel.Locks;
using Can.Engine.Networks;
using Can.Engine.Storage;

namespace Can.Engine.Containers;

/// <summary>
/// Everything that can be done with containers. One instance belongs to a <see cref="CanEngine"/>; calls may come from several
/// threads. Every operation takes a full Id; names and Id prefixes become snapshots first.
/// </summary>
public sealed partial class ContainerService
{
    private readonly CanEngine engine;
    private readonly CanRoot root;
    private readonly ContainerStore store;
    private readonly StatusReader statuses;
    private readonly Residue residue;

    internal ContainerService(CanEngine engine)
    {
        this.engine = engine;
        root = engine.Root;
        store = new ContainerStore(root);
        statuses = new StatusReader(root);
        residue = new Residue(root, store, engine);
    }

    /// <summary>Every container, oldest first. What killed processes left behind is swept away on the way.</summary>
    /// <param name="onError">
    /// Told of every container that cannot be read (<c>StoreCorrupt</c>) or swept, so that one of them does not hide the others;
    /// null leaves it out silently.
    /// </param>
    public IReadOnlyList<Container> List(Action<CanException>? onError = null)
    {
        RequireRoot();
        var found = new List<Container>();
        var defined = new HashSet<string>();
        foreach (var id in store.Ids())
        {
            try
            {
                if (TryGetById(id) is { } container)
                {
                    found.Add(container);
                    defined.Add(id);
                }
            }
            catch (CanException error)
            {
                defined.Add(id);
                onError?.Invoke(error);
            }
        }

        residue.SweepUndefined(defined, onError);
        found.Sort(static (left, right) => left.CreatedAt.CompareTo(right.CreatedAt));
        return found;
    }

    /// <summary>The container of this full Id.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c></exception>
    public Container GetById(string id)
    {
        RequireRoot();
        return TryGetById(id) ?? throw NotFound(id);
    }

    /// <summary>The container whose Id begins so.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>ContainerIdAmbiguous</c></exception>
    public Container GetByIdPrefix(string prefix)
    {
        RequireRoot();
        if (ContainerStore.IsId(prefix))
        {
            return GetById(prefix);
        }

        var matches = prefix.Length == 0 ? [] : store.Ids().Where(id => id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
        return matches switch
        {
            [] => throw NotFound(prefix),
            [var id] => GetById(id),
            _ => throw new CanException("ContainerIdAmbiguous", CanErrorCategory.InvalidArgument,
                $"{matches.Count} containers have an Id that begins with '{prefix}'. Give more digits.", prefix),
        };
    }

    /// <summary>The container of this literal name; null if there is none.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public Container? TryGetByName(string name)
    {
        RequireRoot();

        // A rename that was cut short leaves a second name; the one in the definition counts.
        return store.Names.Lookup(name) is { } id && TryGetById(id) is { } container && container.Name == name ? container : null;
    }

    /// <summary>The container that people mean by a word: the one of this name, else the one whose Id is or begins so.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>ContainerIdAmbiguous</c>, <c>StoreCorrupt</c></exception>
    public Container Find(string nameOrId)
    {
        ArgumentNullException.ThrowIfNull(nameOrId);
        if (TryGetByName(nameOrId) is { } named)
        {
            return named;
        }

        try
        {
            if (nameOrId.Length > 0 && nameOrId.All(char.IsAsciiHexDigit))
            {
                return GetByIdPrefix(nameOrId);
            }
        }
        catch (CanException error) when (error.ErrorId == "ContainerNotFound")
        {
            // Neither: said below.
        }

        throw new CanException("ContainerNotFound", CanErrorCategory.ObjectNotFound,
            $"There is no container named '{nameOrId}', nor one whose Id begins so. Get-CanContainer lists the containers there are; names are case-sensitive.", nameOrId);
    }

    /// <summary>The definition of a container: everything that was decided when it was made.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c></exception>
    public ContainerDefinition DefinitionOf(string id) => GetById(id).Definition;

    /// <summary>The interfaces of a container on its networks, with the addresses that it has now; none where it has no network of its own.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c></exception>
    public IReadOnlyList<ContainerAddress> AddressesOf(string id) => NetworkOf(GetById(id).Definition) is { } network
        ? [.. network.Endpoints.Select(static endpoint => new ContainerAddress(endpoint.Network, endpoint.Interface, endpoint.IPAddress, endpoint.IPv6Address, endpoint.MacAddress))]
        : [];

    /// <summary>Names of all containers, for completion.</summary>
    public IReadOnlyList<string> Names() => [.. store.Names.List().Select(entry => entry.Key)];

    /// <summary>Containers made from this image.</summary>
    internal IEnumerable<ContainerDefinition> DefinitionsUsingImage(string imageId) => Definitions().Where(definition => definition.ImageId == imageId);

    /// <summary>Containers that mount this volume.</summary>
    internal IEnumerable<ContainerDefinition> DefinitionsUsingVolume(string volume) =>
        Definitions().Where(definition => definition.Mounts.Any(mount => mount.Kind == MountKind.Volume && mount.Source == volume));

    /// <summary>Containers that are on this network.</summary>
    internal IEnumerable<ContainerDefinition> DefinitionsUsingNetwork(string network) =>
        Definitions().Where(definition => definition.Attachments?.Any(attachment => attachment.Network == network) == true);

    /// <summary>Ids of the containers that run.</summary>
    internal IEnumerable<string> RunningIds() => store.RunIds().Where(IsAlive);

    /// <summary>Ids of everything that has live facts, running or not.</summary>
    internal IEnumerable<string> RunIds() => store.RunIds();

    /// <summary>Whether a container has a monitor, or is being started.</summary>
    internal bool IsAlive(string id) => RunLock.IsHeld($"{root.ContainerRun(id)}/run.lock");

    /// <summary>Whether there is a container of this Id.</summary>
    internal bool IsDefined(string id) => residue.IsDefined(id);

    /// <summary>The definition of a container; null if there is none.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    internal ContainerDefinition? TryReadDefinition(string id) => store.TryRead(id);

    /// <summary>Does something under the lock of a container that may be gone, unless somebody works on it.</summary>
    internal void WithFree(string id, Action action) => residue.WithFree(id, action);

    /// <summary>Every definition there is.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c>: what a container needs cannot be known.</exception>
    internal IEnumerable<ContainerDefinition> Definitions() => store.Ids().Select(store.TryRead).OfType<ContainerDefinition>();

    private static CanException NotFound(string id) =>
        new("ContainerNotFound", CanErrorCategory.ObjectNotFound, $"There is no container with the Id '{id}'. Get-CanContainer lists those there are.", id);

    private NetworkRecord? NetworkOf(ContainerDefinition definition) => definition.Attachments is null ? null : engine.Networks.RecordOf(definition.Id);

    private static void RequireRoot() => Kernel.Privileges.RequireRoot();

    private Container? TryGetById(string id)
    {
        if (store.TryRead(id) is not { } definition)
        {
            return null;
        }

        var status = statuses.Read(id, out var abandoned);
        if (abandoned)
        {
            residue.SweepAbandoned(id);
        }

        return RemoveIfEnded(definition, status) ? null : new Container(this, definition, status, NetworkOf(definition));
    }

    /// <summary>The container as it is, one that is to be removed when it has ended too; for those who wait for that end.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c></exception>
    internal Container Look(string id) => store.TryRead(id) is { } definition ? Snapshot(definition) : throw NotFound(id);

    /// <summary>
    /// A container that nobody keeps is removed by the first who sees that it has ended: there is no daemon to wait for that, and its
    /// monitor knows nothing of the store.
    /// </summary>
    private bool RemoveIfEnded(ContainerDefinition definition, ContainerStatus status)
    {
        if (!definition.AutoRemove || status.State != ContainerState.Exited)
        {
            return false;
        }

        using var held = OperationLock.TryTake(root.ContainerRun(definition.Id));
        if (held is null || statuses.Read(definition.Id, out _).State != ContainerState.Exited || RunLock.IsHeld($"{root.ContainerRun(definition.Id)}/run.lock"))
        {
            return false;
        }

        residue.SweepAbandonedLocked(definition.Id);
        RemoveLocked(definition);
        return true;
    }

    /// <summary>Takes the operation lock of an existing container and gives its definition.</summary>
    private OperationLock Lock(string id, out ContainerDefinition definition, CancellationToken cancellation)
    {
        RequireRoot();
        RunDirectory.Prepare(root);
        var held = OperationLock.Take(root.ContainerRun(id), cancellation);
        try
        {
            definition = store.TryRead(id) ?? throw NotFound(id);
            return held;
        }
        catch (CanException error)
        {
            if (error.ErrorId == "ContainerNotFound")
            {
                // There is no such container, or its removal was cut short, or the lock's directory was made only to find out.
                residue.RemoveFiles(id);
            }

            held.Dispose();
            throw;
        }
    }
}
