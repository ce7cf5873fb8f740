using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Containers;

namespace CanPS.Networks;

/// <summary>Takes containers off a network.</summary>
/// <remarks>
/// <para>Takes the interface, the addresses and the names that containers have on a network, at once where they run. Its other networks
/// stay as they are; one of them gets the default route if it was on this one.</para>
/// </remarks>
/// <example>
/// <code>Disconnect-CanNetwork backend web</code>
/// <para>Takes the container web off the network backend.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer | Where-Object Networks -Contains backend | Disconnect-CanNetwork backend</code>
/// <para>Takes every container off a network.</para>
/// </example>
[Cmdlet(VerbsCommunications.Disconnect, Nouns.Network, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class DisconnectCanNetworkCommand : NetworkMembershipCmdlet
{
    /// <inheritdoc/>
    private protected override Container Change(Container container) => Engine.Containers.Disconnect(container.Id, Network, Cancellation);
}
