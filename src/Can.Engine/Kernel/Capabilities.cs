namespace Can.Engine.Kernel;

/// <summary>Linux capabilities as bit masks.</summary>
/// <remarks>capabilities(7)</remarks>
public static class Capabilities
{
    /// <summary>Docker's default set.</summary>
    public static ulong Default => throw new NotImplementedException();

    /// <summary>The bit of <c>NET_ADMIN</c>, <c>CAP_NET_ADMIN</c> (any case), or all known bits for <c>ALL</c>.</summary>
    /// <exception cref="CanException"><c>CapabilityUnknown</c>.</exception>
    public static ulong Parse(string name) => throw new NotImplementedException();

    /// <summary>Names of the bits, such as <c>NET_ADMIN</c>.</summary>
    public static IReadOnlyList<string> Names(ulong mask) => throw new NotImplementedException();
}
