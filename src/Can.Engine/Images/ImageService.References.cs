using Can.Engine.Images.Oci;
using Can.Engine.Kernel;

namespace Can.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Gives an image more references; each is taken over from an image that has it.</summary>
    /// <param name="image">Reference, Id or unique prefix.</param>
    /// <param name="references">The new ones, each with a tag or meaning <c>latest</c>.</param>
    /// <exception cref="CanException"><c>ReferenceInvalid</c>, <c>ImageNotFound</c>, <c>ImageIdAmbiguous</c></exception>
    public Image AddReferences(string image, IReadOnlyList<string> references)
    {
        Privileges.RequireRoot();
        var names = references.Select(TagOf).ToList();
        var id = "";
        Edit(
            descriptors =>
            {
                var record = Find(image, out _);
                id = record.Id;
                return names.Aggregate(descriptors, (list, name) => IndexEdit.Add(list, record.Descriptor, name));
            },
            CancellationToken.None);
        return Get(id);
    }

    /// <summary>Takes references away and never an image: one that loses its last reference stays and is found by its Id.</summary>
    /// <param name="references">The references; all or none of them.</param>
    /// <exception cref="CanException"><c>ImageNotFound</c></exception>
    public void RemoveReferences(IReadOnlyList<string> references)
    {
        Privileges.RequireRoot();
        Edit(
            descriptors =>
            {
                var names = references.Select(ReferenceOf).ToHashSet(StringComparer.Ordinal);
                return IndexEdit.Release(descriptors, names.Contains);
            },
            CancellationToken.None);
    }

    /// <summary>Changes the index under the store's lock.</summary>
    internal void Edit(Func<IReadOnlyList<OciDescriptor>, IEnumerable<OciDescriptor>> edit, CancellationToken cancellation)
    {
        using (content.Lock(cancellation))
        {
            catalog.Write(edit(catalog.All));
        }
    }

    /// <summary>A digest names what it is the digest of and cannot be given to anything.</summary>
    private static string TagOf(string reference) => ImageReference.Parse(reference) is { Tag: not null } parsed
        ? parsed.ToString()
        : throw new CanException(
            "ReferenceInvalid", CanErrorCategory.InvalidArgument, $"'{reference}' names an image by its digest, which cannot be given. Give NAME or NAME:TAG.", reference);

    private string ReferenceOf(string text) =>
        ImageReference.TryParse(text)?.ToString() is { } name && catalog.Find(name) is not null ? name : throw NotFound(text);
}
