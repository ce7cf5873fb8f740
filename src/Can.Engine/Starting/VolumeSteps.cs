using Can.Engine.Containers;

namespace Can.Engine.Starting;

/// <summary>Steps for the mounts and devices that a container's caller asked for, and for its files in /etc.</summary>
internal sealed class VolumeSteps
{
    /// <summary>Files that every container has for itself.</summary>
    internal static readonly string[] FilesInEtc = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"];

    private readonly PlanBuilder plan;
    private readonly CanRoot root;
    private readonly ContainerDefinition definition;
    private readonly StartSurroundings surroundings;
    private readonly IReadOnlyDictionary<string, string> volumePaths;
    private readonly List<MountSpecification> waiting;

    public VolumeSteps(PlanBuilder plan, CanRoot root, ContainerDefinition definition, StartSurroundings surroundings)
    {
        (this.plan, this.root, this.definition, this.surroundings) = (plan, root, definition, surroundings);
        volumePaths = surroundings.VolumePaths;
        // Stable: mounts of one depth keep the caller's order.
        waiting = [.. definition.Mounts.OrderBy(mount => Depth(mount.Target))];
    }

    /// <summary>Whether some mount is to follow the host's changes below its source.</summary>
    public static bool AnyFollowsHost(ContainerDefinition definition) =>
        definition.Mounts.Any(mount => PropagationOf(mount) == MountFlags.Slave);

    /// <summary>Adds the caller's mount at exactly this place, if there is one.</summary>
    public bool TryAddAt(string target) => TryAddAt(target, out _);

    /// <summary>Adds the caller's mount at exactly this place, if there is one, and tells what it is.</summary>
    public bool TryAddAt(string target, out MountKind kind)
    {
        var index = waiting.FindIndex(mount => Normalize(mount.Target) == target);
        if (index < 0)
        {
            kind = default;
            return false;
        }

        var mount = waiting[index];
        waiting.RemoveAt(index);
        Add(mount);
        kind = mount.Kind;
        return true;
    }

    /// <summary>Adds the mounts that are left, outer ones first, then the files in /etc that no mount covers.</summary>
    public void AddRest()
    {
        foreach (var mount in waiting)
        {
            Add(mount);
        }

        foreach (var file in FilesInEtc.Where(file => !IsCovered(file)))
        {
            var (source, others) = SourceOf(file);
            plan.BindIn(
                source, file,
                NoDev | (definition.ReadOnly || others ? MountAttributes.ReadOnly : MountAttributes.None), BindTarget.ToFile);
        }
    }

    /// <summary>Where one of the files in /etc is on the host, and whether others see it too, so that this container must not write to it.</summary>
    private (string Path, bool Others) SourceOf(string file) => file switch
    {
        "/etc/hosts" when surroundings.Network is { } network => (network.HostsPath, network.HostsShared),
        "/etc/hosts" when surroundings.Shared is { } shared => (shared.HostsPath, shared.HostsShared),
        "/etc/resolv.conf" when surroundings.Shared is { } shared => (shared.ResolverPath, false),
        _ => (root.ContainerRun(definition.Id) + file, false),
    };

    /// <summary>Adds the caller's devices.</summary>
    /// <exception cref="CanException"><c>DevicePermissionUnsupported</c></exception>
    public void AddDevices()
    {
        foreach (var device in definition.Devices)
        {
            RequireReadWrite(device);
            SystemMountSteps.AddDevice(plan, device.HostPath, device.ContainerPath);
        }
    }

    /// <summary>A bind-mounted node can be read and written, or is not there.</summary>
    internal static void RequireReadWrite(DeviceMapping device)
    {
        if (!device.Permissions.Contains('r') || !device.Permissions.Contains('w'))
        {
            throw new CanException(
                "DevicePermissionUnsupported", CanErrorCategory.InvalidArgument,
                $"Device '{device.HostPath}' was asked for with permissions '{device.Permissions}'; only rw (or rwm) can be given. Leave the permissions out.",
                device.HostPath);
        }
    }

    private MountAttributes NoDev => definition.Privileged ? MountAttributes.None : MountAttributes.NoDev;

    private static MountFlags PropagationOf(MountSpecification mount) =>
        mount.Kind == MountKind.Bind && mount.Propagation is "slave" or "rslave" ? MountFlags.Slave : MountFlags.None;

    private void Add(MountSpecification mount)
    {
        var readOnly = mount.ReadOnly ? MountAttributes.ReadOnly : MountAttributes.None;
        switch (mount.Kind)
        {
            case MountKind.Tmpfs:
                plan.MountIn("tmpfs", mount.Target, TmpfsText.Attributes(mount, NoDev) | readOnly, TmpfsText.Options(mount));
                break;
            case MountKind.Volume:
                var source = volumePaths.TryGetValue(mount.Source, out var path) ? path : $"{root.State}/volumes/{mount.Source}/data";
                if (!mount.NoCopy)
                {
                    plan.Add(PlanOperation.SeedVolume, mount.Target, source);
                }

                plan.BindIn(source, mount.Target, NoDev | readOnly, BindTarget.ToDirectory);
                break;
            default:
                plan.BindIn(
                    mount.Source, mount.Target, NoDev | readOnly, BindTarget.LikeSource, mount.Recursive, PropagationOf(mount));
                break;
        }
    }

    private bool IsCovered(string path) =>
        definition.Mounts.Any(mount => Normalize(mount.Target) is var target && (target == path || target == "/etc"));

    private static int Depth(string target) => Normalize(target).AsSpan().Count('/');

    private static string Normalize(string target) => target.Length > 1 ? target.TrimEnd('/') : target;
}
