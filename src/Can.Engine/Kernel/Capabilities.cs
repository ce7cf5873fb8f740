namespace Can.Engine.Kernel;

/// <summary>Linux capabilities as bit masks.</summary>
/// <remarks>capabilities(7)</remarks>
public static class Capabilities
{
    private const string Prefix = "CAP_";

    // The index is the capability's number in linux/capability.h.
    private static readonly string[] All =
    [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
        "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
        "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
        "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
        "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
        "CHECKPOINT_RESTORE",
    ];

    /// <summary>Docker's default set.</summary>
    public static ulong Default { get; } = Mask(
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "NET_BIND_SERVICE", "NET_RAW", "SYS_CHROOT",
        "MKNOD", "AUDIT_WRITE", "SETFCAP");

    /// <summary>The bit of <c>NET_ADMIN</c>, <c>CAP_NET_ADMIN</c> (any case), or all known bits for <c>ALL</c>.</summary>
    /// <exception cref="CanException"><c>CapabilityUnknown</c>.</exception>
    public static ulong Parse(string name)
    {
        var bare = name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name[Prefix.Length..] : name;
        if (bare.Equals("ALL", StringComparison.OrdinalIgnoreCase))
        {
            return (1UL << All.Length) - 1;
        }

        for (var number = 0; number < All.Length; number++)
        {
            if (All[number].Equals(bare, StringComparison.OrdinalIgnoreCase))
            {
                return 1UL << number;
            }
        }

        throw new CanException("CapabilityUnknown", CanErrorCategory.InvalidArgument,
            $"There is no capability '{name}'. Use a name of capabilities(7) such as NET_ADMIN or CAP_NET_ADMIN, or ALL.", name);
    }

    /// <summary>Names of the bits, such as <c>NET_ADMIN</c>.</summary>
    public static IReadOnlyList<string> Names(ulong mask)
    {
        var names = new List<string>();
        for (var number = 0; number < All.Length; number++)
        {
            if ((mask & (1UL << number)) != 0)
            {
                names.Add(All[number]);
            }
        }

        return names;
    }

    private static ulong Mask(params string[] names)
    {
        var mask = 0UL;
        foreach (var name in names)
        {
            mask |= Parse(name);
        }

        return mask;
    }
}
