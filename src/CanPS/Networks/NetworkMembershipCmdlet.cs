using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Completion;
using CanPS.Containers;
using CanPS.Parameters;

namespace CanPS.Networks;

/// <summary>A cmdlet that puts containers on a network or takes them off: it takes the network by name, and the containers by name, by Id or as objects.</summary>
public abstract class NetworkMembershipCmdlet : ContainerCmdlet
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
    public override string[] Name { get; set; } = [];

    /// <summary>Emits the containers as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Changes a container's networks.</summary>
    /// <returns>A snapshot of it afterwards.</returns>
    private protected abstract Container Change(Container container);

    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container)
    {
        if (!ShouldProcess($"{Describe(container)}, network {Network}"))
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
