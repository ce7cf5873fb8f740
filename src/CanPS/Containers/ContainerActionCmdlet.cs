using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>A cmdlet that changes containers: it asks first where that is wanted, and emits them with <c>-PassThru</c> only.</summary>
public abstract class ContainerActionCmdlet : ContainerCmdlet
{
    /// <summary>Emits the containers as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected sealed override void ProcessContainer(Container container)
    {
        if (!ShouldProcess(Describe(container)))
        {
            ShowPlan(container);
            return;
        }

        var changed = Change(container);
        if (PassThru)
        {
            WriteObject(changed);
        }
    }

    /// <summary>Changes the container.</summary>
    /// <returns>A snapshot of it afterwards.</returns>
    private protected abstract Container Change(Container container);

    /// <summary>Called instead of <see cref="Change"/> when it must not happen; says more of what would.</summary>
    private protected virtual void ShowPlan(Container container)
    {
    }
}
