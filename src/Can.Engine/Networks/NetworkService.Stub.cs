using System.Net;
using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Networks.Addresses;
using Can.Engine.Networks.Names;
using Can.Engine.Networks.Wiring;

namespace Can.Engine.Networks;

public sealed partial class NetworkService
{
    private const int DnsPort = 53;

    /// <summary>
    /// A resolver that listens on a loopback address of the host is not reached from another namespace. Containers ask their gateway
    /// instead, and the table leads that to the resolver.
    /// </summary>
    /// <returns>
    /// The gateway; null where no server of the host's listens on loopback, where the real ones are known, and for a container whose
    /// networks are all internal: questions would be a way out.
    /// </returns>
    internal string? StubGateway(ContainerDefinition definition)
    {
        var networks = definition.Attachments?.Select(attachment => Require(attachment.Network)).ToList() ?? [];
        if (Gateways.Of(definition.Attachments ?? [], networks).IPv4 is not { } network || Stub() is not { } stub)
        {
            return null;
        }

        var gateway = network.IPv4.GatewayAddress;
        TransportProtocol[] protocols = [TransportProtocol.Udp, TransportProtocol.Tcp];
        LeadToStub([.. protocols.Select(protocol => new PortTranslation(gateway, DnsPort, protocol, stub, DnsPort))]);
        return network.IPv4.Gateway;
    }

    private static IPAddress? Stub() => ResolverFile.StubsOf(ResolverFile.ReadHost(), ResolverFile.ReadSystemd()).Select(IPAddress.Parse)
        .FirstOrDefault(static server => !server.IsIPv6()); // the kernel translates no address to ::1

    private void LeadToStub(IReadOnlyList<PortTranslation> wanted)
    {
        try
        {
            bridges.Table.Add([.. wanted.Select(MapElement.Published)]);
        }
        catch (CanException error) when (error.ErrorId == "NftablesElementRefused")
        {
            // The host's resolver may listen elsewhere by now; or a container publishes a name server there, which is as good.
            var present = bridges.Table.ListPublished().Where(port => port.HostAddress.Equals(wanted[0].HostAddress) && port.HostPort == DnsPort).ToList();
            bridges.Table.Delete([.. present.Where(static port => IPAddress.IsLoopback(port.Address)).Select(MapElement.Published)]);
            bridges.Table.Add([.. wanted.Where(port => !present.Exists(other => other.Protocol == port.Protocol && !IPAddress.IsLoopback(other.Address)))
                .Select(MapElement.Published)]);
        }
    }
}
