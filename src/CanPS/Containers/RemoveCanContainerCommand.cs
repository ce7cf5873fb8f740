using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Removes containers with their writable layer, their log and their anonymous volumes.</summary>
/// <remarks>
/// <para>Removes containers with everything that is theirs alone: the writable layer, the log and the anonymous volumes. Images,
/// named volumes and host directories stay. A running container is an error unless -Force kills it first.</para>
/// </remarks>
/// <example>
/// <code>Remove-CanContainer web -Force</code>
/// <para>Kills and removes a container.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer -State Exited | Remove-CanContainer</code>
/// <para>Removes all containers that have ended.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, Nouns.Container, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Container))]
public sealed class RemoveCanContainerCommand : ContainerActionCmdlet
{
    /// <summary>Kills a running container first.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override Container Change(Container container)
    {
        Engine.Containers.Remove(container.Id, Force, Cancellation);
        return container;
    }
}
