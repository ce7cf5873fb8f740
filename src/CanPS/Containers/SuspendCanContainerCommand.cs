using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Freezes all processes of running containers.</summary>
/// <remarks>
/// <para>Freezes the processes by the freezer of their cgroup: none of them runs, or notices, until Resume-CanContainer.</para>
/// </remarks>
/// <example>
/// <code>Suspend-CanContainer web</code>
/// <para>Freezes a container.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer -State Running | Suspend-CanContainer -PassThru</code>
/// <para>Freezes all running containers and shows them.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Suspend, Nouns.Container, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SuspendCanContainerCommand : ContainerActionCmdlet
{
    /// <inheritdoc/>
    private protected override Container Change(Container container) => Engine.Containers.Suspend(container.Id, Cancellation);
}
