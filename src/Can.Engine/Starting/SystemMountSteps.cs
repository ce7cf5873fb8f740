using Can.Engine.Containers;
using Can.Engine.Kernel;

namespace Can.Engine.Starting;

/// <summary>Steps that mount what every container has: /proc, /dev and what is in it, /sys.</summary>
/// <remarks>
/// Everything but devpts is mounted nodev, the root included, and the nodes in /dev are bind mounts of the host's. A node that
/// a container makes with mknod(2) can therefore never be opened, with or without a device cgroup, on v1 as on v2. A mount of
/// the container's own at one of these places is mounted instead, at the same moment.
/// </remarks>
internal static class SystemMountSteps
{
    /// <summary>Size of /dev/shm, Docker's default.</summary>
    private const string SharedMemoryOptions = "mode=1777,size=65536k";

    /// <summary>Where something is mounted in every container; places in /dev are in a file system of its own.</summary>
    internal static readonly string[] Places = ["/proc", "/dev", "/sys"];

    private const MountAttributes Plain = MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec;

    // The OCI runtime specification's default devices; /dev/console comes with a terminal, /dev/ptmx is a link into devpts.
    private static readonly string[] Devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"];

    private static readonly (string Text, string Path)[] Links =
    [
        ("/proc/self/fd", "/dev/fd"), ("/proc/self/fd/0", "/dev/stdin"), ("/proc/self/fd/1", "/dev/stdout"),
        ("/proc/self/fd/2", "/dev/stderr"), ("pts/ptmx", "/dev/ptmx"),
    ];

    public static void Add(PlanBuilder plan, ContainerDefinition definition, HostFacts host, VolumeSteps volumes)
    {
        plan.MountIn("proc", "/proc", Plain);
        AddDevices(plan, definition.Privileged, volumes);
        plan.MountIn("devpts", "/dev/pts", MountAttributes.NoSuid | MountAttributes.NoExec, "newinstance,ptmxmode=0666,mode=620,gid=5");
        if (!volumes.TryAddAt("/dev/shm"))
        {
            plan.MountIn("tmpfs", "/dev/shm", Plain, SharedMemoryOptions);
        }

        if (!volumes.TryAddAt("/dev/mqueue"))
        {
            // Optional: a kernel without POSIX message queues lacks nothing else.
            plan.AddOptional(PlanOperation.MountIn, "mqueue", "mqueue", "/dev/mqueue", (ulong)Plain, "");
        }

        if (!volumes.TryAddAt("/sys"))
        {
            AddSys(plan, definition, host, volumes);
        }
    }

    /// <summary>
    /// A node of the host's on a node of the container's. The mount is read-only, which does not keep anybody from writing to the
    /// device, but from changing the mode and owner of the host's node.
    /// </summary>
    public static void AddDevice(PlanBuilder plan, string hostPath, string containerPath) =>
        plan.BindIn(
            hostPath, containerPath, MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoExec, BindTarget.ToFile, cleared: MountAttributes.NoDev);

    private static void AddDevices(PlanBuilder plan, bool privileged, VolumeSteps volumes)
    {
        var replaced = volumes.TryAddAt("/dev", out var kind);
        if (privileged && !replaced)
        {
            // The host's own nodes, those that come later included.
            plan.MountIn("devtmpfs", "/dev", MountAttributes.NoSuid);
            return;
        }

        if (!replaced)
        {
            plan.MountIn(
                "tmpfs", "/dev", MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.StrictAccessTime, "mode=755,size=65536k");
        }

        // On nodes that are there too: the mount they came with is nodev.
        foreach (var device in Devices)
        {
            AddDevice(plan, device, device);
        }

        if (!replaced || kind == MountKind.Tmpfs)
        {
            AddLinks(plan);
        }
    }

    private static void AddLinks(PlanBuilder plan)
    {
        foreach (var (text, path) in Links)
        {
            plan.SymlinkIn(text, path);
        }
    }

    // With the host's network too, a fresh sysfs is right: it shows that network, and none of what the host has mounted below
    // its own /sys (tracefs, debugfs, cgroups) comes along.
    private static void AddSys(PlanBuilder plan, ContainerDefinition definition, HostFacts host, VolumeSteps volumes)
    {
        var attributes = Plain | (definition.Privileged ? MountAttributes.None : MountAttributes.ReadOnly);
        plan.MountIn("sysfs", "/sys", attributes);

        // The container's own part of the v2 hierarchy, seen through its cgroup namespace. On v1 and hybrid hosts the directory
        // stays empty: a dozen mounts that hardly a program reads would cost each start more than all others together.
        if (!volumes.TryAddAt("/sys/fs/cgroup") && host.Cgroups is { HasV2: true, HasV1: false })
        {
            plan.MountIn("cgroup2", "/sys/fs/cgroup", attributes);
        }
    }
}
