using System.Collections;
using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <summary>Gets containers, in every state unless told otherwise.</summary>
/// <remarks>
/// <para>Gets containers by name, by Id or all of them, the oldest first. Containers that have ended are listed too; -State
/// chooses.</para>
/// <para>An object is a snapshot of the container. Its Refresh method takes a new one in place; so does piping it to this
/// cmdlet.</para>
/// </remarks>
/// <example>
/// <code>Get-CanContainer</code>
/// <para>Lists all containers.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer web*, db -State Running</code>
/// <para>Gets those running containers whose name fits.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer -Label app=shop | Format-List</code>
/// <para>Shows everything about the containers with a label.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer -State Exited | Remove-CanContainer</code>
/// <para>Removes all containers that have ended.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, Nouns.Container, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(Container))]
public sealed class GetCanContainerCommand : ContainerCmdlet
{
    /// <summary>Names of containers; wildcards are allowed. All containers when none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ParameterSets.Name)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public override string[] Name { get; set; } = ["*"];

    /// <summary>Only containers in one of these states.</summary>
    [Parameter]
    public ContainerState[] State { get; set; } = [];

    /// <summary>Only containers with all these labels; a label without a value fits any value.</summary>
    [Parameter]
    [TextPairs]
    public IDictionary? Label { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container)
    {
        if (ParameterSetName == ParameterSets.InputObject)
        {
            container = Engine.Containers.GetById(container.Id);
        }

        if ((State.Length == 0 || State.Contains(container.State)) && TextPairsAttribute.AreIn(container.Labels, Label))
        {
            WriteObject(container);
        }
    }
}
