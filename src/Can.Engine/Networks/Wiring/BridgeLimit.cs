namespace Can.Engine.Networks.Wiring;

/// <summary>The kernel's limit of 1,023 ports for a bridge (BR_MAX_PORTS), which a network with room for more addresses meets first.</summary>
internal static class BridgeLimit
{
    /// <summary>Identifies the error: the same as of a network without a free address.</summary>
    public const string ErrorId = "NetworkFull";

    /// <summary>What is wrong, and what to do.</summary>
    public const string Message =
        "the bridge of its network has 1,023 ports, and the kernel allows no more. Remove containers from that network (their ports go a moment later), or use another: New-CanNetwork.";

    /// <summary>What the kernel answers to the port after the last.</summary>
    public const int Errno = Kernel.Errno.EXFULL;
}
