using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Common;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <summary>A cmdlet that works on existing containers, which it takes by name, by Id or as objects.</summary>
public abstract class ContainerCmdlet : CanCmdlet
{
    /// <summary>Names of containers; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ParameterSets.Name)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public virtual string[] Name { get; set; } = [];

    /// <summary>Ids of containers, or beginnings of Ids that fit one container only.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Id)]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Container objects.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public Container[] InputObject { get; set; } = [];

    /// <summary>The containers of the current record.</summary>
    private protected IEnumerable<Container> Targets() => ParameterSetName switch
    {
        ParameterSets.Id => ContainerFinder.ById(Engine.Containers, Id, WriteError),
        ParameterSets.InputObject => InputObject,
        _ => ContainerFinder.ByName(Engine.Containers, Name, WriteError),
    };

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Attempt(
            () =>
            {
                foreach (var container in Targets())
                {
                    Attempt(() => ProcessContainer(container), container);
                }
            },
            null);

    /// <summary>Does the cmdlet's work for one container.</summary>
    private protected abstract void ProcessContainer(Container container);

    /// <summary>How a container is named in questions and messages.</summary>
    private protected static string Describe(Container container) => $"{container.Name} ({container.ShortId})";
}
