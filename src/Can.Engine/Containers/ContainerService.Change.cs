using System.Buffers.Binary;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Kernel.Sockets;
using Can.Engine.Starting;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Gives it another name.</summary>
    /// <exception cref="CanException"><c>ContainerNameTaken</c>, <c>ContainerNameInvalid</c></exception>
    public Container Rename(string id, string newName)
    {
        ContainerName.Validate(newName);
        using var held = Lock(id, out var definition, CancellationToken.None);
        if (definition.Name == newName)
        {
            return Snapshot(definition);
        }

        // The new name is claimed, then the definition says so, then the old one is given back: a kill leaves both at worst.
        while (!store.Names.TryClaim(newName, id))
        {
            if (!residue.ReleaseStaleName(newName))
            {
                throw NameTaken(newName);
            }
        }

        var renamed = definition with { Name = newName };
        store.Write(renamed);
        engine.Networks.Rename(renamed);
        store.Names.ReleaseIfOwnedBy(definition.Name, id);
        return Snapshot(renamed);
    }

    /// <summary>Changes limits (those that are not null) or the restart policy, at once where it runs.</summary>
    /// <exception cref="CanException">What <see cref="Kernel.Cgroups.CgroupLayout.Leaf"/> raises for a bad limit; nothing is changed then.</exception>
    public Container Update(string id, ResourceLimits? limits, RestartPolicy? restartPolicy)
    {
        using var held = Lock(id, out var definition, CancellationToken.None);
        var changed = definition with
        {
            Limits = limits is null ? definition.Limits : definition.Limits.With(limits),
            RestartPolicy = restartPolicy ?? definition.RestartPolicy,
        };
        var cgroups = HostFacts.Current.Cgroups;
        _ = cgroups.Leaf(root, id, changed.Limits);
        if (statuses.Read(id, out _).State is ContainerState.Running or ContainerState.Suspended && limits is not null)
        {
            cgroups.Update(root, id, changed.Limits);
        }

        store.Write(changed);
        if (RunLock.IsHeld($"{root.ContainerRun(id)}/run.lock"))
        {
            RenewPlan(changed);
            TellPolicy(id, changed.RestartPolicy);
        }

        return Snapshot(changed);
    }

    /// <summary>Where a monitor looks for a new plan before it runs a container again.</summary>
    private string RenewedPlan(string id) => $"{root.ContainerRun(id)}/plan";

    private void TellPolicy(string id, RestartPolicy policy)
    {
        using var control = ControlConnection.TryConnect(root.ContainerRun(id));
        Span<byte> payload = stackalloc byte[2 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(payload, (uint)policy.Condition);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[sizeof(uint)..], (uint)policy.MaximumRetries);
        _ = control?.Request(ControlType.Policy, payload, CancellationToken.None);
    }
}
