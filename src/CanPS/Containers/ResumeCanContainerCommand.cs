using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Lets the processes of suspended containers run on.</summary>
/// <remarks>
/// <para>Thaws containers that Suspend-CanContainer froze.</para>
/// </remarks>
/// <example>
/// <code>Resume-CanContainer web</code>
/// <para>Thaws a container.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer -State Suspended | Resume-CanContainer</code>
/// <para>Thaws all frozen containers.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Resume, Nouns.Container, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class ResumeCanContainerCommand : ContainerActionCmdlet
{
    /// <inheritdoc/>
    private protected override Container Change(Container container) => Engine.Containers.Resume(container.Id, Cancellation);
}
