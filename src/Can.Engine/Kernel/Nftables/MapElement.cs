using System.Net;

namespace Can.Engine.Kernel.Nftables;

/// <summary>A published port: where connections arrive, and where they go.</summary>
/// <param name="HostAddress">Address of the host; 0.0.0.0 or :: for all of the family.</param>
/// <param name="HostPort">Port of the host.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Address">The container's address, of the same family.</param>
/// <param name="Port">The container's port.</param>
internal sealed record PortTranslation(IPAddress HostAddress, int HostPort, TransportProtocol Protocol, IPAddress Address, int Port);

/// <summary>An element of one of the sets and maps of Can's table (see <see cref="NftTable"/>), in the kernel's form.</summary>
/// <param name="Set">Name of the set or map.</param>
/// <param name="Key">The key: every field in network byte order and padded to 4 bytes.</param>
/// <param name="Data">What the key is mapped to, likewise; empty in a set.</param>
/// <param name="EndKey">Of a set of address ranges: the first key behind the range; empty elsewhere.</param>
internal sealed record MapElement(string Set, byte[] Key, byte[] Data, byte[] EndKey)
{
    /// <summary>A published port.</summary>
    public static MapElement Published(PortTranslation port) => throw new NotImplementedException();

    /// <summary>A bridge of Can's: forwarding to it is closed but for published ports and answers.</summary>
    public static MapElement Bridge(string name) => throw new NotImplementedException();

    /// <summary>The bridge's containers may exchange packets (left out for <c>-Isolate</c>).</summary>
    public static MapElement Within(string bridge) => throw new NotImplementedException();

    /// <summary>Nothing from this bridge leaves it (<c>-Internal</c>).</summary>
    public static MapElement Internal(string bridge) => throw new NotImplementedException();

    /// <summary>A network's subnet: what comes from there to a published port takes the gateway's address (hairpin).</summary>
    public static MapElement Subnet(IPNetwork subnet) => throw new NotImplementedException();

    /// <summary>A subnet whose packets take the host's address when they leave for elsewhere (left out for <c>-Internal</c>).</summary>
    public static MapElement Masqueraded(IPNetwork subnet) => throw new NotImplementedException();
}
