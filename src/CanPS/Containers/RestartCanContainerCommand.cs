using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <summary>Stops containers and starts them again.</summary>
[Cmdlet(VerbsLifecycle.Restart, Nouns.Container, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RestartCanContainerCommand : ContainerActionCmdlet
{
    /// <summary>Seconds (or a TimeSpan) to wait before SIGKILL; the container's own time, 10 seconds by default, when not given.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    private protected override Container Change(Container container) => Engine.Containers.Restart(container.Id, Timeout, Cancellation);
}
