using System.Management.Automation;
using Can.Engine.Volumes;
using CanPS.Common;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Volumes;

/// <summary>Gets named volumes.</summary>
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
