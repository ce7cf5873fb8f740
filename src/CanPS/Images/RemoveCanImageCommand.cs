using System.Management.Automation;
using Can.Engine.Images;

namespace CanPS.Images;

/// <summary>Removes images, or references of images; layers that nobody needs any more go too.</summary>
/// <remarks>
/// <para>Removes a reference when it is given one, and the image with its last reference. Given an Id or an object it removes the
/// image; when that has several references, -Force is needed. Layers that no other image has are removed too. An image of which
/// there is a container is never removed.</para>
/// </remarks>
/// <example>
/// <code>Remove-CanImage busybox:old</code>
/// <para>Removes a reference, and the image if it was its last.</para>
/// </example>
/// <example>
/// <code>Get-CanImage test* | Remove-CanImage -Force</code>
/// <para>Removes images with all their references.</para>
/// </example>
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
