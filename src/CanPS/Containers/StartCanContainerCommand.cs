using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Starting;

namespace CanPS.Containers;

/// <summary>Starts containers; one that runs is left alone.</summary>
[Cmdlet(VerbsLifecycle.Start, Nouns.Container, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class StartCanContainerCommand : ContainerActionCmdlet
{
    /// <inheritdoc/>
    private protected override Container Change(Container container) => Engine.Containers.Start(container.Id, Cancellation);

    /// <inheritdoc/>
    private protected override void ShowPlan(Container container)
    {
        if (IsWhatIf)
        {
            this.WritePlan(Engine.Containers.Plan(container.Id));
        }
    }
}
