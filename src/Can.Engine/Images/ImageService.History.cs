using Can.Engine.Images.Oci;

namespace Can.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>How an image came to be: the steps that its configuration tells of, the newest first.</summary>
    /// <param name="image">Reference, Id or unique prefix.</param>
    /// <exception cref="CanException"><c>ImageNotFound</c>, <c>ImageIdAmbiguous</c>, <c>StoreCorrupt</c></exception>
    public IReadOnlyList<ImageHistoryEntry> GetHistory(string image)
    {
        var record = Require(image);
        var layers = new Queue<string>(record.Layers);
        var entries = new List<ImageHistoryEntry>();
        foreach (var step in record.Image.History ?? [])
        {
            entries.Add(Entry(image, step, step.EmptyLayer is not true && layers.TryDequeue(out var layer) ? layer : null));
        }

        // What the history has forgotten is on top: whoever adds to an image knows of what was there.
        entries.AddRange(layers.Select(layer => Entry(image, new OciHistory(), layer)));
        entries.Reverse();
        return entries;
    }

    private ImageHistoryEntry Entry(string image, OciHistory step, string? layer) => new()
    {
        Image = image,
        CreatedAt = step.Created,
        CreatedBy = step.CreatedBy ?? "",
        Author = step.Author ?? "",
        Comment = step.Comment ?? "",
        Layer = layer,
        Size = layer is null ? 0 : SizeOf(layer),
    };
}
