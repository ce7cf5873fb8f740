using System.Management.Automation;
using Can.Engine.Volumes;
using CanPS.Common;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Volumes;

/// <summary>Gets named volumes.</summary>
/// <remarks>
/// <para>Gets volumes by name, or all of them, anonymous ones too. Path is the directory on the host that holds the files.</para>
/// </remarks>
/// <example>
/// <code>Get-CanVolume</code>
/// <para>Lists all volumes.</para>
/// </example>
/// <example>
/// <code>Get-ChildItem (Get-CanVolume data).Path</code>
/// <para>Looks into a volume from the host.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, Nouns.Volume)]
[OutputType(typeof(Volume))]
public sealed class GetCanVolumeCommand : CanCmdlet
{
    /// <summary>Names of volumes; wildcards are allowed. All volumes when none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Attempt(() => WriteObject(VolumeFinder.ByName(Engine.Volumes, Name, WriteError), enumerateCollection: true), null);
}
