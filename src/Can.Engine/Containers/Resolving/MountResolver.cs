using Can.Engine.Containers.Options;

namespace Can.Engine.Containers;

/// <summary>The mounts of a new container: the caller's, checked, and an anonymous volume wherever the image wants one.</summary>
internal static class MountResolver
{
    // What lxcfs puts in place; everything else of /proc would lie to the container, or to the engine, about its processes.
    private static readonly string[] ReplaceableProcesses =
    [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/loadavg", "/proc/meminfo", "/proc/slabinfo", "/proc/stat", "/proc/swaps", "/proc/uptime",
    ];

    /// <summary>Checks and completes the mounts.</summary>
    /// <exception cref="CanException">
    /// <c>MountInvalid</c>, <c>MountTargetInvalid</c>, <c>MountTargetDuplicate</c>, <c>VolumeSourceRelative</c>,
    /// <c>VolumeSourceNotFound</c>
    /// </exception>
    public static IReadOnlyList<MountSpecification> Resolve(
        IReadOnlyList<MountSpecification> mounts, IReadOnlyList<string> imageVolumes, bool privileged)
    {
        var result = new List<MountSpecification>(mounts.Count + imageVolumes.Count);
        var targets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var mount in mounts)
        {
            var checkedMount = Check(mount, privileged);
            if (!targets.Add(checkedMount.Target))
            {
                throw new CanException(
                    "MountTargetDuplicate", CanErrorCategory.InvalidArgument,
                    $"Two mounts have the target '{checkedMount.Target}'. Give each a target of its own.", checkedMount.Target);
            }

            result.Add(checkedMount);
        }

        foreach (var target in imageVolumes.Select(MountPaths.Target).Where(targets.Add))
        {
            result.Add(new MountSpecification { Kind = MountKind.Volume, Target = target });
        }

        return result;
    }

    private static MountSpecification Check(MountSpecification mount, bool privileged)
    {
        Func<string, CanException> invalid = expected => OptionError.Invalid("MountInvalid", "mount", $"{mount.Source}:{mount.Target}", expected);
        var target = MountPaths.Target(mount.Target);
        RequireOutsideOfProc(target, privileged);
        foreach (var flag in mount.TmpfsFlags)
        {
            TmpfsOptions.RequireKnown(flag, invalid);
        }

        var source = MountPaths.Source(mount.Kind, mount.Source, invalid);
        // Path.Exists follows links, as the mount will.
        if (mount.Kind == MountKind.Bind && !Path.Exists(source))
        {
            throw new CanException(
                "VolumeSourceNotFound", CanErrorCategory.ObjectNotFound,
                $"The mount source '{source}' does not exist on this host. Make it first, or use a named volume.", source);
        }

        return mount with { Source = source, Target = target, Propagation = MountPaths.Propagation(mount.Propagation, invalid) };
    }

    private static void RequireOutsideOfProc(string target, bool privileged)
    {
        var inProc = target == "/proc" || target.StartsWith("/proc/", StringComparison.Ordinal);
        if (inProc && (target == "/proc" || !privileged) && !ReplaceableProcesses.Contains(target))
        {
            throw new CanException(
                "MountTargetInvalid", CanErrorCategory.InvalidArgument,
                $"Nothing can be mounted on '{target}': the container's own /proc must be what the kernel says. Choose another target.", target);
        }
    }
}
