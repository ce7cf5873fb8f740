using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;
using Can.Engine.Networks;

namespace Can.Cli.Containers;

/// <summary>The options for a new container's networks, ports and names.</summary>
internal sealed class NetworkOptions
{
    private readonly Option<IReadOnlyList<NetworkAttachment>> networks =
        Opt.Many("--network|--net", "NETWORK", "A network's name, name=NAME,ip=…, none, host or container:NAME", NetworkAttachment.Parse);

    private readonly Option<IReadOnlyList<PortMapping>> ports =
        Opt.Many("--publish|-p", "PORTS", "Publish ports, such as 8080:80; on 127.0.0.1 unless an address is given", PortMapping.Parse);

    private readonly Option<bool> publishAll = Opt.Flag("--publish-all|-P", "Publish every exposed port on a free port of 127.0.0.1; 'can port' shows which");
    private readonly Option<IReadOnlyList<string>> exposed = Opt.Texts("--expose", "PORTS", "Ports it listens on besides the image's, such as 80, 53/udp or 8000-8010");
    private readonly Option<string?> address = Opt.Text("--ip", "ADDRESS", "IPv4 address on its only network");
    private readonly Option<string?> address6 = Opt.Text("--ip6", "ADDRESS", "IPv6 address on its only network");
    private readonly Option<string?> mac = Opt.Text("--mac-address", "ADDRESS", "Hardware address on its only network");
    private readonly Option<IReadOnlyList<string>> aliases = Opt.Texts("--network-alias|--net-alias", "NAME", "A further name on its networks");
    private readonly Option<IReadOnlyList<string>> servers = Opt.Texts("--dns", "ADDRESS", "A name server instead of the host's");
    private readonly Option<IReadOnlyList<string>> search = Opt.Texts("--dns-search", "DOMAIN", "A search domain instead of the host's; . for none");
    private readonly Option<IReadOnlyList<string>> resolver = Opt.Texts("--dns-option|--dns-opt", "OPTION", "An option of resolv.conf");
    private readonly Option<IReadOnlyList<HostEntry>> hosts = Opt.Many("--add-host", "NAME:ADDRESS", "A line for /etc/hosts; host-gateway means the host", HostEntry.Parse);

    /// <summary>All of them.</summary>
    public Option[] All => [networks, ports, publishAll, exposed, address, address6, mac, aliases, servers, search, resolver, hosts];

    /// <summary>Options with what a command line says about networks.</summary>
    public ContainerOptions With(ContainerOptions options, ParseResult line) => options with
    {
        Networks = line.GetValue(networks)!,
        Ports = line.GetValue(ports)!,
        PublishAll = line.GetValue(publishAll),
        ExposedPorts = line.GetValue(exposed)!,
        IPAddresses = [.. new[] { line.GetValue(address), line.GetValue(address6) }.OfType<string>()],
        MacAddress = line.GetValue(mac),
        NetworkAliases = line.GetValue(aliases)!,
        DnsServers = line.GetValue(servers)!,
        DnsSearch = line.GetValue(search)!,
        DnsOptions = line.GetValue(resolver)!,
        ExtraHosts = line.GetValue(hosts)!,
    };
}
