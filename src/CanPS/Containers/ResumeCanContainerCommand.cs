using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Lets the processes of suspended containers run on.</summary>
[Cmdlet(VerbsLifecycle.Resume, Nouns.Container, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class ResumeCanContainerCommand : ContainerActionCmdlet
{
    /// <inheritdoc/>
    private protected override Container Change(Container container) => Engine.Containers.Resume(container.Id, Cancellation);
}
