using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Removes containers with their writable layer, their log and their anonymous volumes.</summary>
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
