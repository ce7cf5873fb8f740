namespace Can.Engine.Starting;

/// <summary>Names of flags as mount(8), unshare(1) and their manual pages write them.</summary>
internal static class FlagNames
{
    private static readonly (ulong Flag, string Name)[] NamespaceTable =
    [
        ((ulong)Starting.Namespaces.Pid, "pid"), ((ulong)Starting.Namespaces.Mount, "mnt"), ((ulong)Starting.Namespaces.Uts, "uts"),
        ((ulong)Starting.Namespaces.Ipc, "ipc"), ((ulong)Starting.Namespaces.Network, "net"),
        ((ulong)Starting.Namespaces.Cgroup, "cgroup"), ((ulong)Starting.Namespaces.User, "user"),
    ];

    private static readonly (ulong Flag, string Name)[] AttributeTable =
    [
        ((ulong)Starting.MountAttributes.ReadOnly, "ro"), ((ulong)Starting.MountAttributes.NoSuid, "nosuid"),
        ((ulong)Starting.MountAttributes.NoDev, "nodev"), ((ulong)Starting.MountAttributes.NoExec, "noexec"),
        ((ulong)Starting.MountAttributes.NoAccessTime, "noatime"), ((ulong)Starting.MountAttributes.StrictAccessTime, "strictatime"),
        ((ulong)Starting.MountAttributes.NoDirectoryAccessTime, "nodiratime"),
        ((ulong)Starting.MountAttributes.NoSymlinkFollow, "nosymfollow"),
    ];

    private static readonly (ulong Flag, string Name)[] MountTable =
    [
        ((ulong)Starting.MountFlags.Recursive, "recursive"), ((ulong)Starting.MountFlags.Private, "private"),
        ((ulong)Starting.MountFlags.Slave, "slave"), ((ulong)Starting.MountFlags.Shared, "shared"),
    ];

    /// <summary>CLONE_NEW*, as <c>pid</c>, <c>mnt</c>.</summary>
    public static IEnumerable<string> Namespaces(ulong flags) => Names(flags, NamespaceTable);

    /// <summary>MOUNT_ATTR_*, as <c>ro</c>, <c>nosuid</c>.</summary>
    public static IEnumerable<string> MountAttributes(ulong flags) => Names(flags, AttributeTable);

    /// <summary>MS_*, as <c>private</c>.</summary>
    public static IEnumerable<string> MountFlags(ulong flags) => Names(flags, MountTable);

    /// <summary>Properties of the root.</summary>
    public static IEnumerable<string> Root(ulong traits)
    {
        if ((traits & (ulong)RootTraits.ReadOnly) != 0)
        {
            yield return "ro";
        }

        if ((traits & (ulong)RootTraits.Devices) == 0)
        {
            yield return "nodev";
        }
    }

    /// <summary>Names and options in parentheses, with a blank in front; empty when there are none.</summary>
    public static string List(IEnumerable<string> names, string options = "")
    {
        var all = string.Join(", ", names.Concat(options.Split(',', StringSplitOptions.RemoveEmptyEntries)));
        return all.Length > 0 ? $" ({all})" : "";
    }

    private static IEnumerable<string> Names(ulong flags, (ulong Flag, string Name)[] table)
    {
        foreach (var (flag, name) in table)
        {
            if ((flags & flag) != 0)
            {
                flags &= ~flag;
                yield return name;
            }
        }

        if (flags != 0)
        {
            yield return $"0x{flags:x}";
        }
    }
}
