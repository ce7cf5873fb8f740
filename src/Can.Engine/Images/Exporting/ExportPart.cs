using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Exporting;

/// <summary>A file of an exported layout.</summary>
/// <param name="Path">Its name in the layout.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Open">Gives its content.</param>
internal sealed record ExportPart(string Path, long Size, Func<Stream> Open)
{
    /// <summary>Where blobs are in a layout.</summary>
    public const string BlobDirectory = "blobs/sha256";

    /// <summary>What the content must be; null for what was made a moment ago.</summary>
    public Digest? Digest { get; init; }

    /// <summary>A small file.</summary>
    public static ExportPart Of(string path, byte[] content) => new(path, content.Length, () => new MemoryStream(content, writable: false));

    /// <summary>A small blob.</summary>
    public static ExportPart Blob(Digest digest, byte[] content) => Of(PathOf(digest), content);

    /// <summary>A blob's path in a layout.</summary>
    public static string PathOf(Digest digest) => $"{BlobDirectory}/{digest.Hex}";
}
