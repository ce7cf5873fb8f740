using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Common;
using CanPS.Completion;
using CanPS.Containers;
using CanPS.Parameters;

namespace CanPS.Networks;

/// <summary>A cmdlet that puts containers on a network or takes them off: it takes the network by name, and the containers by name, by Id or as objects.</summary>
public abstract class NetworkMembershipCmdlet : CanCmdlet
{
    /// <summary>The network's name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string Network { get; set; } = "";

    /// <summary>Names of containers; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = ParameterSets.Name)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = [];

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

    /// <summary>Emits the containers as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Attempt(
            () =>
            {
                foreach (var container in Targets())
                {
                    Attempt(() => Process(container), container);
                }
            },
            null);

    /// <summary>Changes a container's networks.</summary>
    /// <returns>A snapshot of it afterwards.</returns>
    private protected abstract Container Change(Container container);

    private IEnumerable<Container> Targets() => ParameterSetName switch
    {
        ParameterSets.Id => ContainerFinder.ById(Engine.Containers, Id, WriteError),
        ParameterSets.InputObject => InputObject,
        _ => ContainerFinder.ByName(Engine.Containers, Name, WriteError),
    };

    private void Process(Container container)
    {
        if (!ShouldProcess($"{container.Name} ({container.ShortId}), network {Network}"))
        {
            return;
        }

        var changed = Change(container);
        if (PassThru)
        {
            WriteObject(changed);
        }
    }
}
