using Can.Engine.Containers.Options;
using Can.Engine.Kernel;
using Can.Engine.Starting;

namespace Can.Engine.Containers;

/// <summary>What a definition needs of the host, checked before anything is made.</summary>
internal static class HostRequirements
{
    private const int FileTypeMask = 0xF000;
    private const int CharacterDevice = 0x2000;
    private const int BlockDevice = 0x6000;

    /// <summary>Refuses what this host cannot do.</summary>
    /// <exception cref="CanException">
    /// <c>CapabilityUnknown</c>, <c>CapabilityUnavailable</c>, <c>SecurityOptionInvalid</c>, <c>UlimitInvalid</c>,
    /// <c>UlimitTooHigh</c>, <c>DeviceNotFound</c>, <c>DeviceInvalid</c>, <c>DevicePermissionUnsupported</c>,
    /// <c>RestartPolicyInvalid</c>, and those of limits
    /// </exception>
    public static void Check(CanRoot root, ContainerDefinition definition, HostFacts host)
    {
        _ = host.Cgroups.Leaf(root, definition.Id, definition.Limits);
        CheckCapabilities(definition, host);
        _ = SecuritySettings.Parse(definition.SecurityOptions);
        CheckUlimits(definition.Ulimits, host);
        foreach (var device in definition.Devices)
        {
            CheckDevice(device);
        }

        if (definition.RestartPolicy.MaximumRetries < 0)
        {
            throw OptionError.Invalid(
                "RestartPolicyInvalid", "restart policy", definition.RestartPolicy.ToString(), "a number of retries that is not negative");
        }
    }

    private static void CheckCapabilities(ContainerDefinition definition, HostFacts host)
    {
        _ = CapabilitySelection.Of(0, definition.CapAdd, definition.CapDrop); // every name is known
        foreach (var name in definition.CapAdd.Where(name => !CapabilitySelection.IsAll(name)))
        {
            if ((Capabilities.Parse(name) & ~host.Capabilities) != 0)
            {
                throw new CanException(
                    "CapabilityUnavailable", CanErrorCategory.PermissionDenied,
                    $"The capability '{name}' cannot be given: this process does not have it itself. Leave it out, or run where it is available.", name);
            }
        }
    }

    private static void CheckUlimits(IReadOnlyList<Ulimit> limits, HostFacts host)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var limit in limits)
        {
            if (Ulimit.ResourceOf(limit.Name) < 0 || (ulong)limit.Soft > (ulong)limit.Hard || !names.Add(limit.Name))
            {
                throw OptionError.Invalid(
                    "UlimitInvalid", "ulimit", limit.ToString(), $"one limit for each of {string.Join(", ", Ulimit.Names)}, soft no greater than hard");
            }

            ProcessLimits.RequireAllowed(limit, host);
        }
    }

    private static void CheckDevice(DeviceMapping device)
    {
        VolumeSteps.RequireReadWrite(device);
        _ = MountPaths.Target(device.ContainerPath);
        if (!Libc.TryStatus(device.HostPath, out var status))
        {
            throw new CanException(
                "DeviceNotFound", CanErrorCategory.ObjectNotFound,
                $"The device '{device.HostPath}' does not exist on this host. Load its driver, or leave it out.", device.HostPath);
        }

        if ((status.Mode & FileTypeMask) is not (CharacterDevice or BlockDevice))
        {
            throw OptionError.Invalid("DeviceInvalid", "device", device.HostPath, "a character or block device, not a directory or another kind of file");
        }
    }
}
