using System.Management.Automation;
using Can.Engine.Containers;
using Can.Engine.Networks;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Containers;

// This part holds the container's networks, ports and names.
public abstract partial class NewContainerCmdlet
{
    /// <summary>Networks: names, or hashtables with Name, IPAddress, IPv6Address, MacAddress, Alias and Priority; or none, host or container:NAME alone. The network can0, made when it is first needed, by default.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [NetworkOption]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public NetworkAttachment[] Network { get; set; } = [];

    /// <summary>Ports to publish on the host, as 8080:80, 0.0.0.0:53:53/udp or 8000-8003:80-83; on 127.0.0.1 unless an address is given, and on a free port unless one is given.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [PublishOption]
    public PortMapping[] Publish { get; set; } = [];

    /// <summary>Publishes every exposed port, of the image and of -Expose, that -Publish does not name: on a free port of 127.0.0.1.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public SwitchParameter PublishAll { get; set; }

    /// <summary>Ports that it listens on besides those of the image, as 80, 53/udp or 8000-8010; for information, and for -PublishAll.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [ValidateNotNullOrEmpty]
    public string[] Expose { get; set; } = [];

    /// <summary>Addresses on its only network, one of IPv4 and one of IPv6 at most; the next free ones by default.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [ValidateNotNullOrEmpty]
    public string[] IPAddress { get; set; } = [];

    /// <summary>Hardware address on its only network, as 02:42:c0:a8:0a:05; made of the IPv4 address by default.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [ValidateNotNullOrEmpty]
    public string? MacAddress { get; set; }

    /// <summary>Further names by which the containers of its networks find it.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [ValidateNotNullOrEmpty]
    public string[] NetworkAlias { get; set; } = [];

    /// <summary>Addresses of name servers instead of the host's.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [ValidateNotNullOrEmpty]
    public string[] Dns { get; set; } = [];

    /// <summary>Domains in which names are searched instead of the host's; a single . for none.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [ValidateNotNullOrEmpty]
    public string[] DnsSearch { get; set; } = [];

    /// <summary>Options of resolv.conf instead of the host's, such as ndots:1.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [ValidateNotNullOrEmpty]
    public string[] DnsOption { get; set; } = [];

    /// <summary>Further lines for /etc/hosts, as db:192.168.10.5; host-gateway as address means the host.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [HostEntryOption]
    public HostEntry[] AddHost { get; set; } = [];

    private ContainerOptions WithNetwork(ContainerOptions options) => options with
    {
        Networks = Network,
        Ports = Publish,
        PublishAll = PublishAll,
        ExposedPorts = Expose,
        IPAddresses = IPAddress,
        MacAddress = MacAddress,
        NetworkAliases = NetworkAlias,
        DnsServers = Dns,
        DnsSearch = DnsSearch,
        DnsOptions = DnsOption,
        ExtraHosts = AddHost,
    };
}
