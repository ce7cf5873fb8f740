using System.Management.Automation;
using Can.Engine.Images;

namespace CanPS.Images;

/// <summary>Removes images, or references of images; layers that nobody needs any more go too.</summary>
[Cmdlet(VerbsCommon.Remove, Nouns.Image, DefaultParameterSetName = ByReference, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Image))]
public sealed class RemoveCanImageCommand : ImageCmdlet
{
    /// <summary>Removes an image that was given by Id or as an object although it has several references.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the images as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessImage(Image image, string reference)
    {
        if (!ShouldProcess($"{image} ({image.ShortId})"))
        {
            return;
        }

        Engine.Images.Remove(reference, Force);
        if (PassThru)
        {
            WriteObject(image);
        }
    }
}
