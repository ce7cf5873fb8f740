using System.Management.Automation;
using Can.Engine.Images;

namespace CanPS.Images;

/// <summary>Takes references away from images, and never removes an image.</summary>
/// <remarks>
/// <para>Takes away the references that were given; given an Id or an object, all that the image has. An image that loses its last
/// reference stays and is found by its Id; Remove-CanImage removes it.</para>
/// </remarks>
/// <example>
/// <code>Remove-CanImageTag busybox:old</code>
/// <para>Takes a reference away.</para>
/// </example>
/// <example>
/// <code>Remove-CanImageTag registry.example/* -PassThru</code>
/// <para>Takes away every reference to a registry and shows the images.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, Nouns.ImageTag, DefaultParameterSetName = ByReference, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Image))]
public sealed class RemoveCanImageTagCommand : ImageCmdlet
{
    /// <summary>Emits the images as they are then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessImage(Image image, string reference) =>
        Remove(image, ParameterSetName == ByReference && reference != image.Id ? [reference] : image.References);

    /// <inheritdoc/>
    private protected override void ProcessMatches(Image image, IReadOnlyList<string> references) => Remove(image, references);

    private void Remove(Image image, IReadOnlyList<string> references)
    {
        if (references.Count > 0 && ShouldProcess(string.Join(", ", references)))
        {
            Engine.Images.RemoveReferences(references);
            if (PassThru)
            {
                WriteObject(Engine.Images.Get(image.Id));
            }
        }
    }
}
