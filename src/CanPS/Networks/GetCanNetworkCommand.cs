using System.Management.Automation;
using Can.Engine.Networks;
using CanPS.Common;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Networks;

/// <summary>Gets networks of containers.</summary>
/// <remarks>
/// <para>Gets networks by name, or all of them. The network can0, on which containers are unless told otherwise, is there once a
/// container has used it.</para>
/// <para>Containers names those that are on the network, running or not. Rules are the lines of the nftables table in which the
/// engine translates ports and keeps networks apart; it is one table for all networks, and no other table is touched.</para>
/// <para>BlockedBy names firewalls of this host that drop what containers send elsewhere and what other hosts send to their published
/// ports, with the commands that allow it.</para>
/// </remarks>
/// <example>
/// <code>Get-CanNetwork</code>
/// <para>Lists all networks.</para>
/// </example>
/// <example>
/// <code>Get-CanNetwork shop | Select-Object -ExpandProperty Rules</code>
/// <para>Shows the rules in force.</para>
/// </example>
/// <example>
/// <code>(Get-CanNetwork shop).BlockedBy</code>
/// <para>Shows which firewalls keep the network's containers from other hosts, and what to do about it.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, Nouns.Network)]
[OutputType(typeof(Network))]
public sealed class GetCanNetworkCommand : CanCmdlet
{
    /// <summary>Names of networks; wildcards are allowed. All networks when none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Attempt(() => WriteObject(NetworkFinder.ByName(Engine.Networks, Name, WriteError), enumerateCollection: true), null);
}
