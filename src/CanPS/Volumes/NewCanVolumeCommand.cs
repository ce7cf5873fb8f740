using System.Collections;
using System.Management.Automation;
using Can.Engine.Volumes;
using CanPS.Common;
using CanPS.Parameters;

namespace CanPS.Volumes;

/// <summary>Makes named volumes.</summary>
[Cmdlet(VerbsCommon.New, Nouns.Volume, SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class NewCanVolumeCommand : CanCmdlet
{
    /// <summary>The volumes' names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Labels: a hashtable, or NAME=VALUE texts.</summary>
    [Parameter]
    [TextPairs]
    public IDictionary? Label { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (ShouldProcess(name))
            {
                Attempt(() => WriteObject(Engine.Volumes.Create(name, TextPairsAttribute.PairsOf(Label))), name);
            }
        }
    }
}
