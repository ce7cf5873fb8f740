using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <summary>Asks containers to end, and kills those that do not; one that does not run is left alone.</summary>
[Cmdlet(VerbsLifecycle.Stop, Nouns.Container, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class StopCanContainerCommand : ContainerActionCmdlet
{
    /// <summary>Seconds (or a TimeSpan) to wait before SIGKILL; the container's own time, 10 seconds by default, when not given.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Sends SIGKILL at once.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override Container Change(Container container) => Engine.Containers.Stop(container.Id, Timeout, Force, Cancellation);
}
