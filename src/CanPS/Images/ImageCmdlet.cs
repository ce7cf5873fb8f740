using System.Management.Automation;
using Can.Engine.Images;
using CanPS.Common;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Images;

/// <summary>A cmdlet that works on images, which it takes by reference, by Id or as objects.</summary>
public abstract class ImageCmdlet : CanCmdlet
{
    private protected const string ByReference = "Reference";
    private protected const string ById = "Id";
    private protected const string ByObject = "InputObject";

    /// <summary>References of images, such as busybox:latest (busybox means the same); wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByReference)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public virtual string[] Reference { get; set; } = [];

    /// <summary>Ids of images, or beginnings of Ids that fit one image only.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(ImageIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Image objects.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public Image[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case ById:
                Each(Id, id => ProcessImage(Engine.Images.Get(id), id));
                break;
            case ByObject:
                Each(InputObject, image => ProcessImage(image, image.Id));
                break;
            default:
                Each(Reference, ProcessReference);
                break;
        }
    }

    /// <summary>Does the cmdlet's work for one image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="reference">The reference or Id by which it was found.</param>
    private protected abstract void ProcessImage(Image image, string reference);

    /// <summary>Does the cmdlet's work for an image some of whose references fit a pattern.</summary>
    private protected virtual void ProcessMatches(Image image, IReadOnlyList<string> references) => ProcessImage(image, references[0]);

    private void ProcessReference(string reference)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(reference))
        {
            ProcessImage(Engine.Images.Get(reference), reference);
            return;
        }

        var pattern = new WildcardPattern(reference);
        Each(Engine.Images.List(), image => ProcessPattern(image, pattern, reference));
    }

    private void ProcessPattern(Image image, WildcardPattern pattern, string text)
    {
        if (text == "*")
        {
            ProcessImage(image, image.Id);
        }
        else if (image.References.Where(reference => Matches(pattern, reference)).ToList() is { Count: > 0 } found)
        {
            ProcessMatches(image, found);
        }
    }

    private static bool Matches(WildcardPattern pattern, string reference)
    {
        const string defaultTag = ":latest";
        return pattern.IsMatch(reference)
            || (reference.EndsWith(defaultTag, StringComparison.Ordinal) && pattern.IsMatch(reference[..^defaultTag.Length]));
    }

    private void Each<T>(IEnumerable<T> items, Action<T> action)
        where T : class
    {
        foreach (var item in items)
        {
            Attempt(() => action(item), item);
        }
    }
}
