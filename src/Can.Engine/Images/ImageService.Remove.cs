using Can.Engine.Images.Oci;
using Can.Engine.Kernel;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Removes a reference, or an image with all of them; blobs and layers that nobody needs go too.</summary>
    /// <param name="reference">Reference, Id or unique prefix. The last reference takes its image along.</param>
    /// <param name="force">Remove it although it has several references (by Id). One in use by a container is never removed.</param>
    /// <exception cref="CanException"><c>ImageNotFound</c>, <c>ImageInUse</c>, <c>ImageHasSeveralReferences</c></exception>
    public void Remove(string reference, bool force)
    {
        Privileges.RequireRoot();
        using (content.Lock(CancellationToken.None))
        {
            var record = Find(reference, out var name);
            var entries = catalog.Visible.Where(entry => catalog.Describe(entry).Id == record.Id).ToList();
            var names = entries.Select(IndexEdit.NameOf).OfType<string>().Order(StringComparer.Ordinal).ToList();
            if (name is not null && names.Count > 1)
            {
                ReleaseName(name, entries);
            }
            else
            {
                RequireOneName(record, names, reference, force);
                Withdraw(record.Id, entries, reference);
            }
        }

        CollectGarbage(CancellationToken.None);
    }

    /// <summary>Takes one of several names away; a manifest that only this name led to goes with it.</summary>
    private void ReleaseName(string name, List<OciDescriptor> entries)
    {
        var digest = entries.First(entry => IndexEdit.NameOf(entry) == name).Digest;
        var descriptors = IndexEdit.Release(catalog.All, released => released == name);
        catalog.Write(entries.Exists(entry => entry.Digest == digest && IndexEdit.NameOf(entry) != name)
            ? descriptors
            : IndexEdit.Remove(descriptors, new HashSet<Digest> { digest }));
    }

    private static void RequireOneName(ImageRecord record, List<string> names, string reference, bool force)
    {
        if (names.Count > 1 && !force)
        {
            throw new CanException(
                "ImageHasSeveralReferences",
                CanErrorCategory.InvalidOperation,
                $"The image {record.Id[..12]} has several references: {string.Join(", ", names)}. Remove them one by one, or all with -Force.",
                reference);
        }
    }

    /// <summary>
    /// Hides the image, then looks for containers once more: a container publishes its definition first and looks for its image
    /// second, so at least one of the two sees the other.
    /// </summary>
    private void Withdraw(string id, List<OciDescriptor> entries, string reference)
    {
        RequireUnused(id, reference);
        var manifests = entries.Select(static entry => entry.Digest).ToHashSet();
        catalog.Write(IndexEdit.Mark(catalog.All, manifests, removing: true));
        try
        {
            RequireUnused(id, reference);
        }
        catch
        {
            catalog.Write(IndexEdit.Mark(catalog.All, manifests, removing: false));
            throw;
        }

        catalog.Write(IndexEdit.Remove(catalog.All, manifests));
    }

    private void RequireUnused(string id, string reference)
    {
        var users = engine.Containers.DefinitionsUsingImage(id).Select(static definition => definition.Name).ToList();
        if (users.Count > 0)
        {
            throw new CanException(
                "ImageInUse",
                CanErrorCategory.InvalidOperation,
                $"The image '{reference}' is in use by {string.Join(", ", users)}. Remove {(users.Count == 1 ? "that container" : "those containers")} first.",
                reference);
        }
    }
}
