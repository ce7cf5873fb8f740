using Can.Engine.Containers.Options;
using Can.Engine.Images;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Starting;
using Can.Engine.Storage;
using Can.Engine.Volumes;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Makes a container and, unless told otherwise, starts it; when anything fails nothing is left.</summary>
    /// <exception cref="CanException">
    /// <c>ImageNotFound</c>, <c>ContainerNameTaken</c>, <c>ContainerNameInvalid</c>, what <see cref="DefinitionResolver"/>,
    /// <see cref="StartPlanner"/> and <see cref="StartFailure"/> raise, and where the image is received first, what
    /// <see cref="ImageService.Receive"/> raises.
    /// </exception>
    public Container Create(ContainerOptions options, bool start, CancellationToken cancellation)
    {
        using var made = Make(options, cancellation);
        if (start)
        {
            StartLocked(made.Definition, console: null, default, cancellation, whileStarting: made.Settle);
        }

        made.Keep();
        return Snapshot(made.Definition);
    }

    /// <summary>The plan that <see cref="Create"/> would carry out; makes nothing.</summary>
    public StartPlan Plan(ContainerOptions options)
    {
        RequireRoot();
        return PreviewPlan(Resolve(options, engine.Images.Require(options.Image), ContainerId.New()));
    }

    /// <summary>The plan that starts an existing container.</summary>
    public StartPlan Plan(string id) => PreviewPlan(GetById(id).Definition);

    private StartPlan PreviewPlan(ContainerDefinition definition) =>
        CompilePlan(definition, attached: false, default, engine.Networks.Preview(definition), definition.Ports?.Count ?? 0);

    private ContainerDefinition Resolve(ContainerOptions options, ImageRecord image, string id)
    {
        if (options.Name is { } name)
        {
            ContainerName.Validate(name);
        }

        var definition = DefinitionResolver.Resolve(root, options, image, HostFacts.Current, id, options.Name ?? RandomName.Next(), DateTimeOffset.UtcNow);
        definition = definition with { Network = SharedNetworkOf(definition.Network) };
        engine.Networks.Validate(definition);
        return definition;
    }

    /// <summary>
    /// Makes everything of a container but its processes, in the order that makes a kill at any point harmless: lock, name, volumes,
    /// files, definition. Without the definition all the rest is garbage that the next look sweeps away. Waiting for the disk is left
    /// to <see cref="NewContainer.Settle"/>, so that it can be done while the helper works.
    /// </summary>
    private NewContainer Make(ContainerOptions options, CancellationToken cancellation)
    {
        RequireRoot();
        RunDirectory.Prepare(root);
        _ = HostFacts.Current; // first, as CanEngine.ReadAhead may still be busy with the images
        var image = ImageFor(options, cancellation);
        var id = ContainerId.New();
        var definition = Resolve(options, image, id);
        var made = new NewContainer(this, definition, OperationLock.Take(root.ContainerRun(id), cancellation));
        try
        {
            definition = made.Definition = ClaimName(definition, given: options.Name is not null);
            var state = root.ContainerState(id);
            Directories.Ensure(state, Directories.Private);
            definition = made.Definition = MakeVolumes(definition);
            Directories.Ensure($"{state}/upper", Directories.Public);
            Directories.Ensure($"{state}/work", Directories.Private);
            Directories.Ensure($"{state}/logs", Directories.Private);
            store.Write(definition, settled: false);
            RequireStill(definition);
            engine.Networks.Reserve(definition);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    private ContainerDefinition ClaimName(ContainerDefinition definition, bool given)
    {
        while (!store.Names.TryClaim(definition.Name, definition.Id))
        {
            if (residue.ReleaseStaleName(definition.Name) || (TryGetByName(definition.Name) is null && residue.ReleaseStaleName(definition.Name)))
            {
                continue; // it belonged to nobody, or to one that has ended and that nobody keeps
            }

            if (given)
            {
                throw NameTaken(definition.Name);
            }

            definition = definition with { Name = RandomName.Next() };
        }

        return definition;
    }

    private CanException NameTaken(string name) =>
        new("ContainerNameTaken", CanErrorCategory.ResourceExists,
            $"The name '{name}' belongs to the container {ContainerId.Short(store.Names.Lookup(name))}. Choose another, or remove that container: Remove-CanContainer {name}.", name);

    /// <summary>Named volumes are made on first use; anonymous ones get their name here and go with the container.</summary>
    private ContainerDefinition MakeVolumes(ContainerDefinition definition)
    {
        if (!definition.Mounts.Any(mount => mount.Kind == MountKind.Volume))
        {
            return definition;
        }

        var mounts = definition.Mounts.Select(static mount => mount is { Kind: MountKind.Volume, Source: "" } ? mount with { Source = VolumeName.NewAnonymous() } : mount).ToList();
        var named = definition with { Mounts = mounts };
        store.Announce(named);
        foreach (var (asked, mount) in definition.Mounts.Zip(mounts))
        {
            if (asked is { Kind: MountKind.Volume, Source: "" })
            {
                _ = engine.Volumes.Create(mount.Source, labels: null, anonymous: true);
            }
            else if (mount.Kind == MountKind.Volume)
            {
                _ = engine.Volumes.GetOrCreate(mount.Source);
            }
        }

        return named;
    }

    /// <summary>
    /// An image or volume removed between the look-up and the definition's publication would be missed for ever; from here on the
    /// definition keeps them.
    /// </summary>
    private void RequireStill(ContainerDefinition definition)
    {
        _ = engine.Images.Require(definition.ImageId);
        foreach (var mount in definition.Mounts.Where(static mount => mount.Kind == MountKind.Volume))
        {
            _ = engine.Volumes.GetOrCreate(mount.Source);
        }
    }

    /// <summary>The network mode with the Id of the container whose network is shared in place of what the caller calls it.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>ContainerIdAmbiguous</c>, <c>NetworkOptionConflict</c></exception>
    private string SharedNetworkOf(string network)
    {
        if (NetworkMode.SharedWith(network) is not { } other)
        {
            return network;
        }

        var owner = TryGetByName(other) ?? GetByIdPrefix(other);
        return NetworkMode.SharedWith(owner.Definition.Network) is null ? NetworkMode.ContainerPrefix + owner.Id : throw new CanException(
            "NetworkOptionConflict", CanErrorCategory.InvalidArgument,
            $"The container '{owner.Name}' shares another container's network itself. Share that one's.", network);
    }

    private Container Snapshot(ContainerDefinition definition) => new(this, definition, statuses.Read(definition.Id, out _), NetworkOf(definition));

    /// <summary>A container in the making: gone again unless it is kept.</summary>
    private sealed class NewContainer(ContainerService service, ContainerDefinition definition, OperationLock held) : IDisposable
    {
        private bool kept;
        private bool settled;

        internal ContainerDefinition Definition { get; set; } = definition;

        /// <summary>Makes the definition survive a loss of power.</summary>
        internal void Settle()
        {
            if (!settled)
            {
                service.store.Settle(Definition.Id);
                settled = true;
            }
        }

        internal void Keep()
        {
            Settle();
            kept = true;
        }

        public void Dispose()
        {
            try
            {
                if (!kept)
                {
                    service.StopLocked(Definition, timeout: null, force: true, CancellationToken.None);
                    service.RemoveLocked(Definition);
                }
            }
            finally
            {
                held.Dispose();
            }
        }
    }
}
