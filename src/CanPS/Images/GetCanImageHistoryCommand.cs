using System.Management.Automation;
using Can.Engine.Images;

namespace CanPS.Images;

/// <summary>Gets the steps in which images were made.</summary>
/// <remarks>
/// <para>Gets what an image's configuration tells of its making, the newest step first, with the size and the diff id of the layer
/// that each step made. A step that only changed the configuration made none.</para>
/// </remarks>
/// <example>
/// <code>Get-CanImageHistory busybox</code>
/// <para>Shows how an image was made.</para>
/// </example>
/// <example>
/// <code>Get-CanImageHistory busybox | Sort-Object Size -Descending | Select-Object -First 3</code>
/// <para>Finds the steps that made an image large.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, Nouns.ImageHistory, DefaultParameterSetName = ByReference)]
[OutputType(typeof(ImageHistoryEntry))]
public sealed class GetCanImageHistoryCommand : ImageCmdlet
{
    /// <inheritdoc/>
    private protected override void ProcessImage(Image image, string reference) =>
        WriteObject(Engine.Images.GetHistory(reference), enumerateCollection: true);
}
