using Can.Engine.Storage;
using Can.Engine.Storage.Content;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Exporting;

/// <summary>An image on its way out.</summary>
/// <param name="Record">What it is.</param>
/// <param name="References">The names that it goes by there.</param>
internal sealed record ExportedImage(ImageRecord Record, IReadOnlyList<ImageReference> References);

/// <summary>
/// Images with all their blobs held open: a removal in between takes nothing away from them, and nothing has to be written for that
/// on a disk that may be full.
/// </summary>
internal sealed class ExportedImages : IDisposable
{
    private readonly BlobStore store;
    private readonly Dictionary<Digest, SafeFileHandle> blobs = [];

    /// <summary>Opens the blobs; the caller holds the store's lock.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c>: one is missing.</exception>
    public ExportedImages(BlobStore store, IReadOnlyList<ExportedImage> images)
    {
        (this.store, Images) = (store, images);
        try
        {
            foreach (var digest in images.SelectMany(static image => image.Record.Blobs))
            {
                if (!blobs.ContainsKey(digest))
                {
                    blobs[digest] = OpenBlob(digest);
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<ExportedImage> Images { get; }

    /// <summary>A blob as it is.</summary>
    public ExportPart Blob(Digest digest) => new(ExportPart.PathOf(digest), RandomAccess.GetLength(blobs[digest]), () => Read(digest)) { Digest = digest };

    /// <summary>A blob's content, from its beginning.</summary>
    public Stream Read(Digest digest) => new BlobStream(blobs[digest], store.PathOf(digest));

    /// <summary>The error for a blob that is not as it should be.</summary>
    public CanException Corrupt(Digest digest, string what, Exception? cause = null) => store.Corrupt(digest, what, cause);

    public void Dispose()
    {
        foreach (var handle in blobs.Values)
        {
            handle.Dispose();
        }
    }

    private SafeFileHandle OpenBlob(Digest digest)
    {
        try
        {
            return File.OpenHandle(store.PathOf(digest), options: FileOptions.SequentialScan);
        }
        catch (IOException exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw store.Corrupt(digest, "is missing", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageError.From(exception.HResult, "read", store.PathOf(digest));
        }
    }
}
