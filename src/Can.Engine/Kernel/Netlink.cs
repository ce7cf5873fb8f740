namespace Can.Engine.Kernel;

/// <summary>Literal rtnetlink messages for a plan.</summary>
public static class Netlink
{
    /// <summary>RTM_NEWLINK that sets IFF_UP on interface 1, the loopback interface of every network namespace.</summary>
    public static byte[] LoopbackUp() => throw new NotImplementedException();
}
