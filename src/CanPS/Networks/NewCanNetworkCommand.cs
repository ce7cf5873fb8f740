using System.Collections;
using System.Management.Automation;
using Can.Engine.Networks;
using CanPS.Common;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Networks;

/// <summary>Makes networks for containers.</summary>
/// <remarks>
/// <para>Makes a network: a bridge on the host with a subnet of its own, from which each container on it gets an address. Containers
/// of one network reach each other by address, name, alias and short Id; those of another network they do not reach. The bridge
/// appears on the host when the first container starts on it.</para>
/// <para>Without -Subnet one is chosen that no route, interface or network of this host uses. IPv4 is always there; IPv6 with -IPv6,
/// or with an IPv6 subnet.</para>
/// <para>A firewall of the host's that drops forwarded packets (that of Docker, ufw, firewalld or one's own) keeps containers from other
/// hosts; a warning says so, with the commands that allow it. No firewall is changed.</para>
/// </remarks>
/// <example>
/// <code>New-CanNetwork shop</code>
/// <para>Makes a network with a subnet that is chosen.</para>
/// </example>
/// <example>
/// <code>New-CanNetwork lab -Subnet 192.168.10.0/24 -Gateway 192.168.10.1 -IPRange 192.168.10.128/25</code>
/// <para>Makes a network whose containers get the addresses from 192.168.10.128 on.</para>
/// </example>
/// <example>
/// <code>New-CanNetwork vault -Internal; New-CanContainer busybox -Network vault -- sleep 300</code>
/// <para>Makes a network without a way out, and starts a container on it.</para>
/// </example>
[Cmdlet(VerbsCommon.New, Nouns.Network, SupportsShouldProcess = true)]
[OutputType(typeof(Network))]
public sealed class NewCanNetworkCommand : CanCmdlet
{
    /// <summary>The networks' names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The driver: bridge.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkDriverCompleter))]
    public string Driver { get; set; } = NetworkOptions.BridgeDriver;

    /// <summary>Subnet such as 192.168.10.0/24; one of IPv4 and one of IPv6 at most. One is chosen when none is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Subnet { get; set; } = [];

    /// <summary>Address of the bridge, which is the containers' way out; the subnet's first one by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Gateway { get; set; } = [];

    /// <summary>Part of the subnet from which containers get their addresses, such as 192.168.10.128/25; all of it by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] IPRange { get; set; } = [];

    /// <summary>The containers reach each other and nothing else.</summary>
    [Parameter]
    public SwitchParameter Internal { get; set; }

    /// <summary>The containers do not reach each other.</summary>
    [Parameter]
    public SwitchParameter Isolate { get; set; }

    /// <summary>The containers get IPv6 addresses too, from a unique local subnet if none is given.</summary>
    [Parameter]
    public SwitchParameter IPv6 { get; set; }

    /// <summary>Largest packet in bytes; the kernel's default, 1500, when it is left out.</summary>
    [Parameter]
    public int? Mtu { get; set; }

    /// <summary>Labels: a hashtable, or NAME=VALUE texts.</summary>
    [Parameter]
    [TextPairs]
    public IDictionary? Label { get; set; }

    /// <summary>Options, as a hashtable or NAME=VALUE texts: interface (name of the bridge), public=true (the subnet may be a public one).</summary>
    [Parameter]
    [TextPairs]
    public IDictionary? Option { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (ShouldProcess(name))
            {
                Attempt(() => WriteObject(Engine.Networks.Create(Options(name))), name);
            }
        }
    }

    private NetworkOptions Options(string name) => new()
    {
        Name = name,
        Driver = Driver,
        Subnets = Subnet,
        Gateways = Gateway,
        IPRanges = IPRange,
        Internal = Internal,
        Isolate = Isolate,
        IPv6 = IPv6,
        Mtu = Mtu,
        Labels = TextPairsAttribute.PairsOf(Label),
        Options = TextPairsAttribute.PairsOf(Option),
    };
}
