using System.Collections;
using System.Management.Automation;
using Can.Engine.Volumes;
using CanPS.Common;
using CanPS.Parameters;

namespace CanPS.Volumes;

/// <summary>Makes named volumes.</summary>
/// <remarks>
/// <para>Makes empty volumes. New-CanContainer makes a named volume by itself when there is none of that name; this cmdlet is for
/// labels, and for being told when the name is taken. A fresh volume gets the files that the image has at the place where it is
/// first mounted.</para>
/// </remarks>
/// <example>
/// <code>New-CanVolume data -Label app=shop</code>
/// <para>Makes a volume with a label.</para>
/// </example>
/// <example>
/// <code>New-CanContainer busybox -Volume data:/data -- sleep 300</code>
/// <para>Mounts it in a container.</para>
/// </example>
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
