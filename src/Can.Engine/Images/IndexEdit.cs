using System.Globalization;
using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images;

/// <summary>
/// Changes of the list of descriptors in the index: each reference has a descriptor of its own, an image without reference has one
/// without a name, and no image is lost because its last reference went elsewhere.
/// </summary>
internal static class IndexEdit
{
    /// <summary>The list with an image added.</summary>
    /// <param name="descriptors">The list.</param>
    /// <param name="image">The manifest; an annotation with the date is taken over.</param>
    /// <param name="reference">Reference for it, taken from whatever has it; null for none.</param>
    public static List<OciDescriptor> Add(IReadOnlyList<OciDescriptor> descriptors, OciDescriptor image, string? reference)
    {
        // What came earlier came earlier: a second import of the same thing does not make it younger.
        var date = descriptors.FirstOrDefault(entry => entry.Digest == image.Digest)?.Annotation(Annotations.Created) ?? image.Annotation(Annotations.Created);
        var list = Release(descriptors, name => name == reference);
        if (reference is null && list.Exists(entry => entry.Digest == image.Digest))
        {
            return list;
        }

        list.RemoveAll(entry => entry.Digest == image.Digest && NameOf(entry) is null);
        list.Add(Named(image, reference, date));
        return list;
    }

    /// <summary>The list without some references; images that had no others stay without a name.</summary>
    public static List<OciDescriptor> Release(IReadOnlyList<OciDescriptor> descriptors, Predicate<string> released)
    {
        var list = descriptors.ToList();
        foreach (var entry in descriptors.Where(entry => NameOf(entry) is { } name && released(name)))
        {
            list.Remove(entry);
            if (!list.Exists(other => other.Digest == entry.Digest))
            {
                list.Add(Named(entry, null, entry.Annotation(Annotations.Created)));
            }
        }

        return list;
    }

    /// <summary>The list without some manifests.</summary>
    public static List<OciDescriptor> Remove(IReadOnlyList<OciDescriptor> descriptors, IReadOnlySet<Digest> manifests) =>
        [.. descriptors.Where(entry => !manifests.Contains(entry.Digest))];

    /// <summary>The list with some manifests marked as being removed, or no more.</summary>
    public static List<OciDescriptor> Mark(IReadOnlyList<OciDescriptor> descriptors, IReadOnlySet<Digest> manifests, bool removing) =>
        [.. descriptors.Select(entry => manifests.Contains(entry.Digest) ? Annotated(entry, Annotations.Removing, removing ? "true" : null) : entry)];

    /// <summary>A descriptor's reference.</summary>
    public static string? NameOf(OciDescriptor descriptor) => descriptor.Annotation(Annotations.ReferenceName);

    /// <summary>A date as annotations have it.</summary>
    public static string Date(DateTimeOffset date) => date.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static OciDescriptor Named(OciDescriptor image, string? reference, string? date) =>
        Annotated(Annotated(image with { Annotations = null }, Annotations.ReferenceName, reference), Annotations.Created, date);

    private static OciDescriptor Annotated(OciDescriptor descriptor, string name, string? value)
    {
        var annotations = new Dictionary<string, string>(descriptor.Annotations ?? new Dictionary<string, string>());
        if (value is null)
        {
            annotations.Remove(name);
        }
        else
        {
            annotations[name] = value;
        }

        return descriptor with { Annotations = annotations.Count == 0 ? null : annotations };
    }
}
