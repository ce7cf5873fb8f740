using System.Management.Automation;
using Can.Engine;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Says for each container whether it exists, and is in one of the given states or healthy.</summary>
/// <remarks>
/// <para>Emits $true or $false for every name, Id or object. A name that does not exist is no error here. For a pattern the answer
/// is whether any container fits.</para>
/// </remarks>
/// <example>
/// <code>Test-CanContainer web</code>
/// <para>Says whether there is a container named web.</para>
/// </example>
/// <example>
/// <code>if (-not (Test-CanContainer web -State Running)) { Start-CanContainer web }</code>
/// <para>Starts a container unless it runs.</para>
/// </example>
/// <example>
/// <code>Test-CanContainer web -Healthy</code>
/// <para>Says whether the container runs and its health check says that it is healthy.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, Nouns.Container, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(bool))]
public sealed class TestCanContainerCommand : ContainerCmdlet
{
    /// <summary>States, one of which the container must be in.</summary>
    [Parameter]
    public ContainerState[] State { get; set; } = [];

    /// <summary>The container must run, and its health check must say that it is healthy.</summary>
    [Parameter]
    public SwitchParameter Healthy { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var given = ParameterSetName switch
        {
            ParameterSets.Id => Id.Select(id => ContainerFinder.ById(Engine.Containers, [id], IgnoreMissing)),
            ParameterSets.InputObject => InputObject.Select(container => ContainerFinder.ById(Engine.Containers, [container.Id], IgnoreMissing)),
            _ => Name.Select(name => ContainerFinder.ByName(Engine.Containers, [name], IgnoreMissing)),
        };
        foreach (var containers in given)
        {
            Attempt(() => WriteObject(containers.Any(IsWanted)), null);
        }
    }

    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container) => throw new NotSupportedException();

    private bool IsWanted(Container container) =>
        (State.Length == 0 || State.Contains(container.State)) && (!Healthy || container.IsHealthy);

    private static void IgnoreMissing(CanException exception)
    {
        if (exception.Category != CanErrorCategory.ObjectNotFound)
        {
            throw exception;
        }
    }
}
