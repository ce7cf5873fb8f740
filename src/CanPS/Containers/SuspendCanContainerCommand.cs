using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Freezes all processes of running containers.</summary>
[Cmdlet(VerbsLifecycle.Suspend, Nouns.Container, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SuspendCanContainerCommand : ContainerActionCmdlet
{
    /// <inheritdoc/>
    private protected override Container Change(Container container) => Engine.Containers.Suspend(container.Id, Cancellation);
}
