using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Gives a container another name.</summary>
/// <remarks>
/// <para>Gives a container, running or not, another name. Its Id and its host name stay.</para>
/// </remarks>
/// <example>
/// <code>Rename-CanContainer web shop</code>
/// <para>Renames the container web to shop.</para>
/// </example>
[Cmdlet(VerbsCommon.Rename, Nouns.Container, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RenameCanContainerCommand : ContainerActionCmdlet
{
    /// <summary>The new name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string NewName { get; set; } = "";

    /// <inheritdoc/>
    private protected override Container Change(Container container) => Engine.Containers.Rename(container.Id, NewName);
}
