using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Lists in which files a container differs from its image.</summary>
/// <remarks>
/// <para>Lists the paths that a container has added, modified or deleted since it was created from its image, whether it runs or
/// not. A directory counts as modified when something in it has changed. The content of volumes and other mounts is not looked at,
/// and the places that were made to mount them on are left out.</para>
/// </remarks>
/// <example>
/// <code>Compare-CanContainer web</code>
/// <para>Lists all changes of a container.</para>
/// </example>
/// <example>
/// <code>Compare-CanContainer web | Where-Object Kind -EQ Deleted</code>
/// <para>Lists what it has deleted.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer | Compare-CanContainer | Group-Object Container -NoElement</code>
/// <para>Counts the changes of each container.</para>
/// </example>
[Cmdlet(VerbsData.Compare, Nouns.Container, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(ContainerChange))]
public sealed class CompareCanContainerCommand : ContainerCmdlet
{
    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container) =>
        Engine.Containers.Compare(container.Id, WriteObject, Cancellation);
}
