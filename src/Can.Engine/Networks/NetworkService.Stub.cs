using System.Net;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Networks.Names;

namespace Can.Engine.Networks;

public sealed partial class NetworkService
{
    private const int DnsPort = 53;

    /// <summary>
    /// A resolver that listens on a loopback address of the host is not reached from another namespace. Containers ask their gateway
    /// instead, and the table leads that to the resolver.
    /// </summary>
    /// <returns>The gateway; null where no server of the host's listens on loopback, or the real ones are known.</returns>
    private string? StubGateway(NetworkDefinition network)
    {
        var stub = ResolverFile.ReadSystemd() is null
            ? ResolverFile.StubsOf(ResolverFile.ReadHost()).FirstOrDefault(static server => !server.Contains(':', StringComparison.Ordinal))
            : null;
        if (stub is null)
        {
            return null;
        }

        var gateway = network.IPv4.GatewayAddress;
        TransportProtocol[] protocols = [TransportProtocol.Udp, TransportProtocol.Tcp];
        bridges.Table.Add([.. protocols.Select(protocol => MapElement.Published(new(gateway, DnsPort, protocol, IPAddress.Parse(stub), DnsPort)))]);
        return network.IPv4.Gateway;
    }
}
