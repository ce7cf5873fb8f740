using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <summary>Stops containers and starts them again.</summary>
/// <remarks>
/// <para>Stops each container as Stop-CanContainer does, and starts it again. One that does not run is just started.</para>
/// </remarks>
/// <example>
/// <code>Restart-CanContainer web -Timeout 5</code>
/// <para>Restarts a container, which has five seconds to end by itself.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer -Label app=shop | Restart-CanContainer</code>
/// <para>Restarts all containers with a label.</para>
/// </example>
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
