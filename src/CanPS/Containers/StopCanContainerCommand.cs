using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <summary>Asks containers to end, and kills those that do not; one that does not run is left alone.</summary>
/// <remarks>
/// <para>Sends each container its stop signal, SIGTERM unless it has another one, and SIGKILL when the time is over. No restart
/// policy runs it again. A container that does not run is left alone, which is no error.</para>
/// </remarks>
/// <example>
/// <code>Stop-CanContainer web</code>
/// <para>Asks a container to end and kills it after 10 seconds.</para>
/// </example>
/// <example>
/// <code>Stop-CanContainer web, db -Timeout 2</code>
/// <para>Waits two seconds at most for each.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer c* | Stop-CanContainer -PassThru | Remove-CanContainer</code>
/// <para>Stops containers and removes them.</para>
/// </example>
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

    /// <summary>Signal that asks the container to end, instead of its own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? Signal { get; set; }

    /// <inheritdoc/>
    private protected override Container Change(Container container) => Engine.Containers.Stop(container.Id, Timeout, Force, Cancellation, Signal);
}
