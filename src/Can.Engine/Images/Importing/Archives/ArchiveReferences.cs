using Can.Engine.Images.Oci;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>References that archives give their images.</summary>
internal static class ArchiveReferences
{
    /// <summary>The references among some texts. What is none, such as <c>&lt;none&gt;:&lt;none&gt;</c>, is left out.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<string> texts) =>
        [.. texts.Select(ImageReference.TryParse).OfType<ImageReference>().Select(static reference => reference.ToString()).Distinct()];

    /// <summary>The reference that an index gives a manifest.</summary>
    public static IEnumerable<string> Of(OciDescriptor descriptor)
    {
        if (descriptor.Annotation(Annotations.ContainerdName) is { } whole)
        {
            return [whole];
        }

        // Some writers put the tag only; what it is a tag of, nobody says then.
        return descriptor.Annotation(Annotations.ReferenceName) is { } name and not ImageReference.DefaultTag ? [name] : [];
    }
}
