using System.Management.Automation;
using Can.Engine.Networks;
using CanPS.Common;
using CanPS.Completion;
using CanPS.Containers;
using CanPS.Parameters;

namespace CanPS.Networks;

/// <summary>Removes networks.</summary>
/// <remarks>
/// <para>Removes networks with their bridges and rules. A network that a container is on, running or not, is an error that names the
/// containers. The network can0 is made anew when a container needs it.</para>
/// </remarks>
/// <example>
/// <code>Remove-CanNetwork shop</code>
/// <para>Removes a network.</para>
/// </example>
/// <example>
/// <code>Get-CanNetwork test* | Remove-CanNetwork</code>
/// <para>Removes several networks.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, Nouns.Network, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Network))]
public sealed class RemoveCanNetworkCommand : CanCmdlet
{
    /// <summary>Names of networks; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ParameterSets.Name)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Network objects.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public Network[] InputObject { get; set; } = [];

    /// <summary>Emits the networks that were removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Attempt(
            () =>
            {
                foreach (var network in ParameterSetName == ParameterSets.InputObject ? InputObject : Named())
                {
                    Attempt(() => Remove(network), network);
                }
            },
            null);

    // Read to its end before the first is removed.
    private Network[] Named() => [.. NetworkFinder.ByName(Engine.Networks, Name, WriteError)];

    private void Remove(Network network)
    {
        if (!ShouldProcess(network.Name))
        {
            return;
        }

        Engine.Networks.Remove(network.Name);
        if (PassThru)
        {
            WriteObject(network);
        }
    }
}
