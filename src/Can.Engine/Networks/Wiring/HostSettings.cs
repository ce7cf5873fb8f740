using Can.Engine.Kernel;

namespace Can.Engine.Networks.Wiring;

/// <summary>Settings of the kernel's network that containers need; those of the host are changed only when need be, and said.</summary>
/// <remarks>Documentation/networking/ip-sysctl.rst of the kernel</remarks>
internal static class HostSettings
{
    private const string IPv4Forwarding = "/proc/sys/net/ipv4/ip_forward";
    private const string IPv6Default = "/proc/sys/net/ipv6/conf/default/disable_ipv6";
    private const string IPv6Forwarding = "/proc/sys/net/ipv6/conf/all/forwarding";

    /// <summary>Whether the kernel has IPv6.</summary>
    public static bool HasIPv6 => Directory.Exists("/proc/sys/net/ipv6");

    /// <summary>Why a new interface cannot have IPv6 addresses, and what to do about it; null where it can.</summary>
    public static string? ReasonAgainstIPv6() => !HasIPv6
        ? "this kernel has IPv6 switched off. Boot without ipv6.disable=1"
        : KernelFile.TryRead(IPv6Default)?.Trim() == "1"
        ? "this host switches IPv6 off for new interfaces. Set net.ipv6.conf.default.disable_ipv6 to 0"
        : null;

    /// <summary>Sets what a network's bridge needs.</summary>
    /// <param name="network">The network; its bridge is there.</param>
    /// <param name="notice">Told of what concerns more than the bridge.</param>
    /// <exception cref="CanException"><c>SysctlFailed</c></exception>
    public static void Apply(NetworkDefinition network, Action<string> notice)
    {
        // A port published on 127.0.0.1 reaches the bridge with that address; the table drops what others send so.
        Set($"/proc/sys/net/ipv4/conf/{network.Interface}/route_localnet", "1");
        if (HasIPv6)
        {
            Set($"/proc/sys/net/ipv6/conf/{network.Interface}/accept_ra", "0");
            Set($"/proc/sys/net/ipv6/conf/{network.Interface}/accept_dad", "0");
        }

        if (network.Internal)
        {
            return;
        }

        Enable(IPv4Forwarding, "net.ipv4.ip_forward", network, notice);
        if (network.IPv6 is not null)
        {
            Enable(IPv6Forwarding, "net.ipv6.conf.all.forwarding", network, notice);
        }
    }

    private static void Enable(string path, string name, NetworkDefinition network, Action<string> notice)
    {
        if (KernelFile.TryRead(path)?.Trim() == "0")
        {
            Set(path, "1");
            notice($"Set {name} to 1: containers of the network '{network.Name}' reach other hosts, and are reached by published ports, only if this host forwards.");
        }
    }

    private static void Set(string path, string value)
    {
        try
        {
            File.WriteAllText(path, value);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CanException(
                "SysctlFailed", CanErrorCategory.PermissionDenied,
                $"Cannot write {value} to {path}: {error.Message} Networks of containers need it; run where /proc/sys is writable, or set it beforehand.", path, error);
        }
    }
}
