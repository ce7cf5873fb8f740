using System.Globalization;
using Can.Engine.Images.Oci;
using Can.Engine.Kernel;
using Can.Engine.Storage;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images;

/// <summary>Everything that can be done with images.</summary>
public sealed partial class ImageService
{
    private const string IdPrefix = "sha256:";

    private readonly CanEngine engine;
    private readonly ContentStore content;
    private readonly ImageCatalog catalog;
    private readonly Trash trash;

    internal ImageService(CanEngine engine)
    {
        this.engine = engine;
        trash = new Trash(engine.Root);
        content = new ContentStore(engine.Root, trash);
        catalog = new ImageCatalog(content);
    }

    /// <summary>The root this service works on.</summary>
    public CanRoot Root => engine.Root;

    internal ContentStore Content => content;

    internal ImageCatalog Catalog => catalog;

    /// <summary>Every image, newest first.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public IReadOnlyList<Image> List()
    {
        Privileges.RequireRoot();
        return [.. ById().Select(Snapshot).OrderByDescending(static image => image.CreatedAt)];
    }

    /// <summary>The image of this reference (<c>busybox</c> means <c>busybox:latest</c>), Id or unique Id prefix.</summary>
    /// <exception cref="CanException"><c>ImageNotFound</c>, <c>ImageIdAmbiguous</c>, <c>StoreCorrupt</c></exception>
    public Image Get(string reference)
    {
        var id = Require(reference).Id;
        return Snapshot(ById().FirstOrDefault(group => group.Key == id) ?? throw NotFound(reference));
    }

    /// <summary>The image of a reference, Id or unique Id prefix; reads nothing else.</summary>
    /// <exception cref="CanException"><c>ImageNotFound</c>, <c>ImageIdAmbiguous</c>, <c>StoreCorrupt</c></exception>
    internal ImageRecord Require(string text) => Find(text, out _);

    /// <summary>Looks an image up: a reference wins over an Id that begins so.</summary>
    /// <param name="text">What the caller gave.</param>
    /// <param name="reference">The reference that it is, as the index has it; null if it is an Id.</param>
    private ImageRecord Find(string text, out string? reference) => TryFind(text, out reference) ?? throw NotFound(text);

    /// <summary>The same, or null if there is no such image.</summary>
    private ImageRecord? TryFind(string text, out string? reference)
    {
        Privileges.RequireRoot();
        if (ImageReference.TryParse(text) is { } parsed && (catalog.Find(parsed.ToString()) ?? FindByDigest(parsed)) is { } named)
        {
            reference = IndexEdit.NameOf(named);
            return catalog.Describe(named);
        }

        reference = null;
        return FindById(text.StartsWith(IdPrefix, StringComparison.Ordinal) ? text[IdPrefix.Length..] : text);
    }

    /// <summary>What a repository has by another reference has the digest all the same.</summary>
    private OciDescriptor? FindByDigest(ImageReference reference) => reference.Digest is { } digest
        ? catalog.Visible.FirstOrDefault(entry => entry.Digest == digest && IndexEdit.NameOf(entry) is { } name && ImageReference.TryParse(name)?.FullName == reference.FullName)
        : null;

    private ImageRecord? FindById(string prefix)
    {
        if (prefix.Length is 0 or > 64 || !prefix.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        var found = catalog.Visible.Select(catalog.Describe).Where(image => image.Id.StartsWith(prefix, StringComparison.Ordinal)).DistinctBy(static image => image.Id).ToList();
        return found.Count > 1
            ? throw new CanException(
                "ImageIdAmbiguous",
                CanErrorCategory.InvalidArgument,
                $"The Ids of {found.Count} images begin with '{prefix}'. Give more of it: {string.Join(", ", found.Select(static image => image.Id).Order(StringComparer.Ordinal).Select(static id => id[..12]))}.",
                prefix)
            : found.FirstOrDefault();
    }

    private static CanException NotFound(string text) => new(
        "ImageNotFound",
        CanErrorCategory.ObjectNotFound,
        $"There is no image '{text}'. Get-CanImage lists those there are; Receive-CanImage gets one from a registry, Import-CanImage from a file.",
        text);

    /// <summary>Descriptors of the images that can be found, by Id.</summary>
    private ILookup<string, OciDescriptor> ById() => catalog.Visible.ToLookup(entry => catalog.Describe(entry).Id);

    private Image Snapshot(IGrouping<string, OciDescriptor> entries)
    {
        var record = catalog.Describe(entries.First());
        return new Image
        {
            Id = record.Id,
            Digest = record.Descriptor.Digest.ToString(),
            References = [.. entries.Select(IndexEdit.NameOf).OfType<string>().Order(StringComparer.Ordinal)],
            CreatedAt = record.Image.Created ?? DateOf(entries),
            Author = record.Image.Author ?? "",
            Platform = string.Join('/', new[] { record.Image.Os, record.Image.Architecture, record.Image.Variant }.Where(static part => !string.IsNullOrEmpty(part))),
            Size = record.Layers.Sum(SizeOf),
            SharedSize = record.Layers.Distinct().Where(layer => IsShared(layer, record.Id)).Sum(SizeOf),
            Layers = record.Layers,
            Configuration = record.Configuration,
        };
    }

    private long SizeOf(string layer) => content.Layers.TryRead(layer)?.Size ?? 0;

    private bool IsShared(string layer, string id) =>
        catalog.Visible.Select(catalog.Describe).Any(other => other.Id != id && other.Layers.Contains(layer));

    private static DateTimeOffset DateOf(IEnumerable<OciDescriptor> entries) => entries
        .Select(static entry => DateTimeOffset.TryParse(entry.Annotation(Annotations.Created), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : DateTimeOffset.UnixEpoch)
        .Max();
}
