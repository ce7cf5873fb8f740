using Can.Engine.Containers.Options;
using Can.Engine.Kernel.Locks;
using Can.Engine.Kernel.Mounts;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Kernel.Processes;
using Can.Engine.Networks;
using Can.Engine.Networks.Wiring;
using Can.Engine.Starting;
using Can.Engine.Storage;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    private const string HostsInside = "/etc/hosts";

    /// <summary>Puts a container on a further network, at once where it runs.</summary>
    /// <exception cref="CanException">
    /// <c>ContainerNotFound</c>, <c>NetworkNotFound</c>, <c>NetworkAlreadyConnected</c>, <c>NetworkOptionConflict</c>, <c>IPAddressOutside</c>,
    /// <c>IPAddressTaken</c>, <c>NetworkFull</c>
    /// </exception>
    public Container Connect(string id, NetworkAttachment attachment, CancellationToken cancellation)
    {
        using var held = Lock(id, out var definition, cancellation);
        attachment = RequireConnectable(definition, attachment);
        var changed = definition with { Attachments = [.. definition.Attachments ?? [], attachment] };
        engine.Networks.Validate(changed);

        // Published before it is carried out: from here on the network cannot be removed.
        store.Write(changed);
        using var process = NetworkOfRunning(changed);
        try
        {
            if (process is not null)
            {
                engine.Networks.Connect(changed, attachment, process);
                RenewHosts(changed);
                RenewResolver(definition, changed);
            }
            else
            {
                engine.Networks.Reserve(changed);
            }
        }
        catch
        {
            // What had been connected before the names failed goes again; nothing happens if there is none.
            store.Write(definition);
            engine.Networks.Disconnect(definition, attachment.Network, process);
            throw;
        }

        RenewPlan(changed);
        return Snapshot(changed);
    }

    /// <summary>Takes a container off a network, at once where it runs.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>NetworkNotConnected</c></exception>
    public Container Disconnect(string id, string network, CancellationToken cancellation)
    {
        using var held = Lock(id, out var definition, cancellation);
        if (definition.Attachments?.Any(attachment => attachment.Network == network) != true)
        {
            throw new CanException(
                "NetworkNotConnected", CanErrorCategory.InvalidOperation,
                $"The container '{definition.Name}' is not on the network '{network}'. It is on {string.Join(", ", Snapshot(definition).Networks)}.", definition.Name);
        }

        var changed = definition with { Attachments = [.. definition.Attachments.Where(attachment => attachment.Network != network)] };
        using (var process = NetworkOfRunning(definition))
        {
            engine.Networks.Disconnect(changed, network, process);
            if (process is not null)
            {
                RenewHosts(changed);
                RenewResolver(definition, changed);
            }
        }

        store.Write(changed);
        RenewPlan(changed);
        return Snapshot(changed);
    }

    private static NetworkAttachment RequireConnectable(ContainerDefinition definition, NetworkAttachment attachment)
    {
        if (definition.Attachments is null)
        {
            throw new CanException(
                "NetworkOptionConflict", CanErrorCategory.InvalidOperation,
                $"The container '{definition.Name}' was made with -Network {definition.Network}, which cannot be joined with other networks. Make it anew on a network.", definition.Name);
        }

        attachment = attachment with { Network = AttachmentResolver.NameOf(attachment.Network) };
        return !definition.Attachments.Any(other => other.Network == attachment.Network) ? attachment : throw new CanException(
            "NetworkAlreadyConnected", CanErrorCategory.ResourceExists, $"The container '{definition.Name}' is on the network '{attachment.Network}' already.", definition.Name);
    }

    /// <summary>The network namespace of a container; null when it does not run.</summary>
    private ProcessNetwork? NetworkOfRunning(ContainerDefinition definition)
    {
        var status = statuses.Read(definition.Id, out _);
        return status.ProcessId is { } process ? ProcessNetwork.TryOpen(process, status.ProcessStartTime) : null;
    }

    private void RenewHosts(ContainerDefinition now) => engine.Networks.RenewHosts(now, path =>
    {
        var status = statuses.Read(now.Id, out _);
        using var process = status.ProcessId is { } id ? PidFd.TryOpen(id, status.ProcessStartTime) : null;
        if (process is not null)
        {
            _ = ProcessMount.Bind(process, path, HostsInside);
        }
    });

    private void RenewResolver(ContainerDefinition before, ContainerDefinition now) => EtcFiles.RenewResolver(
        $"{root.ContainerRun(now.Id)}/etc", now, engine.Networks.StubGateway(before), engine.Networks.StubGateway(now));

    /// <summary>What a running container's monitor runs after a restart.</summary>
    private void RenewPlan(ContainerDefinition changed)
    {
        if (RunLock.IsHeld($"{root.ContainerRun(changed.Id)}/run.lock"))
        {
            var plan = CompilePlan(changed, attached: false, default, engine.Networks.Preview(changed), portSockets: 0);
            AtomicFile.Write(RenewedPlan(changed.Id), PlanWriter.Write(plan), durable: false);
        }
    }

    /// <summary>
    /// A namespace that another container is in outlives its owner's run: from now on the owner takes its interfaces away itself.
    /// (The sharer's lock is held, then the owner's is taken, which shares nobody's network: no circle.)
    /// </summary>
    private void AnnounceSharing(ContainerDefinition definition, CancellationToken cancellation)
    {
        if (NetworkMode.SharedWith(definition.Network) is not { } ownerId)
        {
            return;
        }

        using var held = Lock(ownerId, out var owner, cancellation);
        if (engine.Networks.MarkEntered(owner))
        {
            RenewPlan(owner);
        }
    }

    /// <summary>The network that a container shares with another one, which has to run; null for every other container.</summary>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>ContainerNotRunning</c></exception>
    private SharedNetwork? SharedNetwork(ContainerDefinition definition)
    {
        if (NetworkMode.SharedWith(definition.Network) is not { } ownerId)
        {
            return null;
        }

        var owner = GetById(ownerId);
        var run = root.ContainerRun(ownerId);
        var wiring = engine.Networks.Preview(owner.Definition);
        return owner.ProcessId is null ? throw NotRunning(owner.Definition) : new()
        {
            StatusPath = $"{run}/status",
            HostsPath = wiring?.HostsPath ?? $"{run}/etc/hosts",
            HostsShared = wiring?.HostsShared ?? false,
            ResolverPath = $"{run}/etc/resolv.conf",
        };
    }
}
