using System.Management.Automation;
using Can.Engine.Volumes;
using CanPS.Common;
using CanPS.Completion;
using CanPS.Containers;
using CanPS.Parameters;

namespace CanPS.Volumes;

/// <summary>Removes named volumes and the files in them.</summary>
/// <remarks>
/// <para>Removes volumes with their files. A volume that a container uses, running or not, is an error that names the
/// containers.</para>
/// </remarks>
/// <example>
/// <code>Remove-CanVolume data</code>
/// <para>Removes a volume.</para>
/// </example>
/// <example>
/// <code>Get-CanVolume test* | Remove-CanVolume</code>
/// <para>Removes several volumes.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, Nouns.Volume, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Volume))]
public sealed class RemoveCanVolumeCommand : CanCmdlet
{
    /// <summary>Names of volumes; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ParameterSets.Name)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Volume objects.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public Volume[] InputObject { get; set; } = [];

    /// <summary>Emits the volumes that were removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Attempt(
            () =>
            {
                foreach (var volume in ParameterSetName == ParameterSets.InputObject ? InputObject : Named())
                {
                    Attempt(() => Remove(volume), volume);
                }
            },
            null);

    // Read to its end before the first is removed.
    private Volume[] Named() => [.. VolumeFinder.ByName(Engine.Volumes, Name, WriteError)];

    private void Remove(Volume volume)
    {
        if (!ShouldProcess(volume.Name))
        {
            return;
        }

        Engine.Volumes.Remove(volume.Name);
        if (PassThru)
        {
            WriteObject(volume);
        }
    }
}
