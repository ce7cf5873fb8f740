namespace Can.Engine.Kernel;

/// <summary>Whether this kernel speaks IPv6 at all (it can be left out, or switched off by <c>ipv6.disable=1</c>).</summary>
internal static class Ipv6
{
    /// <summary>Read once: it cannot change while the kernel runs but by loading a module.</summary>
    public static bool IsAvailable { get; } = Directory.Exists("/proc/sys/net/ipv6");
}
