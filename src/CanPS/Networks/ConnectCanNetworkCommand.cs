using System.Management.Automation;
using Can.Engine.Containers;
using Can.Engine.Networks;
using CanPS.Containers;

namespace CanPS.Networks;

/// <summary>Puts containers on a further network.</summary>
/// <remarks>
/// <para>Gives containers another interface, with an address and names on the network. A running container has it at once; the other
/// containers of the network find it by name at once too. Where a container is on several networks, the one with the highest priority
/// has the default route; of equal ones the one it was on first.</para>
/// </remarks>
/// <example>
/// <code>Connect-CanNetwork backend web</code>
/// <para>Puts the container web on the network backend.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer web* | Connect-CanNetwork backend -NetworkAlias frontend -PassThru</code>
/// <para>Puts several containers on a network, all findable under one alias.</para>
/// </example>
[Cmdlet(VerbsCommunications.Connect, Nouns.Network, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class ConnectCanNetworkCommand : NetworkMembershipCmdlet
{
    /// <summary>Addresses on the network, one of IPv4 and one of IPv6 at most; the next free ones by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] IPAddress { get; set; } = [];

    /// <summary>Hardware address, as 02:42:c0:a8:0a:05; made of the IPv4 address by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MacAddress { get; set; }

    /// <summary>Further names by which the network's other containers find it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] NetworkAlias { get; set; } = [];

    /// <summary>The network with the highest priority has the default route; 0 by default.</summary>
    [Parameter]
    public int? Priority { get; set; }

    /// <inheritdoc/>
    private protected override Container Change(Container container) =>
        Engine.Containers.Connect(container.Id, NetworkAttachment.Make(Network, IPAddress, MacAddress, NetworkAlias, Priority), Cancellation);
}
