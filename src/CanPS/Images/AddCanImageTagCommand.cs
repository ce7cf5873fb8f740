using System.Management.Automation;
using Can.Engine.Images;

namespace CanPS.Images;

/// <summary>Gives images more references.</summary>
/// <remarks>
/// <para>Gives an image one or more further references. Nothing is copied. A reference that another image has is taken over from it;
/// that image stays.</para>
/// </remarks>
/// <example>
/// <code>Add-CanImageTag busybox registry.example/tools/busybox:1.35</code>
/// <para>Names an image for another registry.</para>
/// </example>
/// <example>
/// <code>Import-CanImage ./rootfs | Add-CanImageTag -NewReference site:1.0, site:latest -PassThru</code>
/// <para>Gives a fresh image two references.</para>
/// </example>
[Cmdlet(VerbsCommon.Add, Nouns.ImageTag, DefaultParameterSetName = ByReference, SupportsShouldProcess = true)]
[OutputType(typeof(Image))]
public sealed class AddCanImageTagCommand : ImageCmdlet
{
    /// <summary>The references to give, such as team/app:1.2; without a tag they mean latest.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("Tag")]
    [ValidateNotNullOrEmpty]
    public string[] NewReference { get; set; } = [];

    /// <summary>Emits the images with their new references.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessImage(Image image, string reference)
    {
        if (!ShouldProcess($"{image} ({image.ShortId})", $"Add {string.Join(", ", NewReference)}"))
        {
            return;
        }

        var changed = Engine.Images.AddReferences(reference, NewReference);
        if (PassThru)
        {
            WriteObject(changed);
        }
    }
}
