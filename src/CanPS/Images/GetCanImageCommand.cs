using System.Collections;
using System.Management.Automation;
using Can.Engine.Images;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Images;

/// <summary>Gets images.</summary>
/// <remarks>
/// <para>Gets images by reference, by Id or all of them, the newest first. A reference without a tag means the tag latest.</para>
/// </remarks>
/// <example>
/// <code>Get-CanImage</code>
/// <para>Lists all images.</para>
/// </example>
/// <example>
/// <code>Get-CanImage busy*</code>
/// <para>Gets images whose reference fits.</para>
/// </example>
/// <example>
/// <code>Get-CanImage -Label team=web | Format-List</code>
/// <para>Shows everything about the images with a label.</para>
/// </example>
/// <example>
/// <code>(Get-CanImage busybox).Configuration</code>
/// <para>Shows what containers get from an image.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, Nouns.Image, DefaultParameterSetName = ByReference)]
[OutputType(typeof(Image))]
public sealed class GetCanImageCommand : ImageCmdlet
{
    /// <summary>References of images, such as busybox:latest (busybox means the same); wildcards are allowed. All images when none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByReference)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public override string[] Reference { get; set; } = ["*"];

    /// <summary>Only images with all these labels; a label without a value fits any value.</summary>
    [Parameter]
    [TextPairs]
    public IDictionary? Label { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessImage(Image image, string reference)
    {
        var now = ParameterSetName == ByObject ? Engine.Images.Get(image.Id) : image;
        if (TextPairsAttribute.AreIn(now.Labels, Label))
        {
            WriteObject(now);
        }
    }
}
