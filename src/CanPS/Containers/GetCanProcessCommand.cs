using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Gets the processes of running containers as the host sees them.</summary>
/// <remarks>
/// <para>Lists the processes in running containers with their ids on the host and in the container, and what they use.</para>
/// </remarks>
/// <example>
/// <code>Get-CanProcess web</code>
/// <para>Lists the processes of a container.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer -State Running | Get-CanProcess | Sort-Object WorkingSet -Descending</code>
/// <para>Lists all containers' processes, the largest first.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, Nouns.Process, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(ContainerProcess))]
public sealed class GetCanProcessCommand : ContainerCmdlet
{
    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container) =>
        WriteObject(Engine.Containers.Processes(container.Id), enumerateCollection: true);
}
