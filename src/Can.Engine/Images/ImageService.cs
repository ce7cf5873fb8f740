using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Images;

/// <summary>Everything that can be done with images.</summary>
public sealed partial class ImageService
{
    private readonly CanEngine engine;
    private readonly ImageStore store;
    private readonly LayerStore layers;
    private readonly Trash trash;

    internal ImageService(CanEngine engine)
    {
        this.engine = engine;
        store = new ImageStore(engine.Root);
        trash = new Trash(engine.Root);
        layers = new LayerStore(engine.Root, trash);
    }

    /// <summary>The root this service works on.</summary>
    public CanRoot Root => engine.Root;

    /// <summary>Every image, newest first.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public IReadOnlyList<Image> List()
    {
        Privileges.RequireRoot();
        var references = store.References();
        return [.. store.Ids().Select(store.TryRead).OfType<ImageRecord>()
            .Select(record => Snapshot(record, references)).OrderByDescending(static image => image.CreatedAt)];
    }

    /// <summary>The image of this reference (<c>busybox</c> means <c>busybox:latest</c>), Id or unique Id prefix.</summary>
    /// <exception cref="CanException"><c>ImageNotFound</c>, <c>ImageIdAmbiguous</c>, <c>StoreCorrupt</c></exception>
    public Image Get(string reference) => Snapshot(Find(reference, out _), store.References());

    /// <summary>Looks an image up: a reference wins over an Id that begins so.</summary>
    /// <param name="text">What the caller gave.</param>
    /// <param name="reference">The reference that it is; null if it is an Id.</param>
    private ImageRecord Find(string text, out string? reference)
    {
        Privileges.RequireRoot();
        reference = ImageReference.TryParse(text)?.ToString();
        if (reference is not null && store.Names.Lookup(reference) is { } named && store.TryRead(named) is { } record)
        {
            return record;
        }

        reference = null;
        return FindById(text) ?? throw new CanException(
            "ImageNotFound", CanErrorCategory.ObjectNotFound, $"There is no image '{text}'. Get-CanImage lists those there are; Import-CanImage makes one.", text);
    }

    private ImageRecord? FindById(string prefix)
    {
        if (prefix.Length is 0 or > 64 || !prefix.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        if (prefix.Length == 64)
        {
            return store.TryRead(prefix);
        }

        var found = store.Ids().Where(id => id.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        return found.Count > 1
            ? throw new CanException(
                "ImageIdAmbiguous",
                CanErrorCategory.InvalidArgument,
                $"The Ids of {found.Count} images begin with '{prefix}'. Give more of it: {string.Join(", ", found.Order(StringComparer.Ordinal).Select(static id => id[..12]))}.",
                prefix)
            : found.Count == 1 ? store.TryRead(found[0]) : null;
    }

    private static Image Snapshot(ImageRecord record, ILookup<string, string> references) => new()
    {
        Id = record.Id,
        References = [.. references[record.Id].Order(StringComparer.Ordinal)],
        CreatedAt = record.CreatedAt,
        Size = record.Size,
        Layers = record.Layers,
        Configuration = record.Configuration,
    };
}
