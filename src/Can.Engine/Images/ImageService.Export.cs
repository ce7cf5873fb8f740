using Can.Engine.Images.Exporting;
using Can.Engine.Kernel;

namespace Can.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Writes images to an archive or a directory. The same images give the same bytes.</summary>
    /// <param name="images">References, each of which goes along; or Ids or unique prefixes of them, whose images take all their references along.</param>
    /// <param name="path">Absolute path of the file or directory; nothing is there unless it is whole.</param>
    /// <param name="format">What it becomes.</param>
    /// <param name="force">Replaces a file, or a directory that holds an image layout and nothing else.</param>
    /// <param name="progress">Told the number of bytes written so far and their total; may be null.</param>
    /// <param name="cancellation">Stops the export and leaves nothing.</param>
    /// <exception cref="CanException"><c>ImageNotFound</c>, <c>ImageIdAmbiguous</c>, <c>FileExists</c>, <c>PathNotFound</c>,
    /// <c>StoreCorrupt</c>, <c>LibraryMissing</c>, <c>DiskFull</c></exception>
    public void Export(
        IReadOnlyList<string> images, string path, ImageArchiveFormat format, bool force, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        Privileges.RequireRoot();
        using var target = new ExportTarget(path, format == ImageArchiveFormat.OciDirectory, force);
        using var exported = OpenImages(images, cancellation);
        var parts = PartsOf(exported, format, cancellation);
        target.Fill(sink => new ExportWriter(exported, progress, cancellation).Write(parts, sink));
    }

    /// <summary>Writes images to a stream as an archive.</summary>
    /// <param name="images">As for a file.</param>
    /// <param name="stream">Gets the archive; it stays open.</param>
    /// <param name="format">What it becomes; not a directory.</param>
    /// <param name="progress">Told the number of bytes written so far and their total; may be null.</param>
    /// <param name="cancellation">Stops the export.</param>
    /// <exception cref="CanException">As for a file; what is in the stream by then is no whole archive.</exception>
    public void Export(
        IReadOnlyList<string> images, Stream stream, ImageArchiveFormat format, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        Privileges.RequireRoot();
        ArgumentOutOfRangeException.ThrowIfEqual((int)format, (int)ImageArchiveFormat.OciDirectory, nameof(format));
        using var exported = OpenImages(images, cancellation);
        var parts = PartsOf(exported, format, cancellation);
        using var archive = new TarSink(stream, "the stream");
        new ExportWriter(exported, progress, cancellation).Write(parts, archive);
    }

    private static IReadOnlyList<ExportPart> PartsOf(ExportedImages images, ImageArchiveFormat format, CancellationToken cancellation) =>
        format == ImageArchiveFormat.DockerArchive ? ExportLayout.Docker(images, cancellation) : ExportLayout.Oci(images);

    /// <summary>Finds the images and opens their blobs in one moment, so that a removal comes either before or after that.</summary>
    private ExportedImages OpenImages(IReadOnlyList<string> images, CancellationToken cancellation)
    {
        using (content.Lock(cancellation))
        {
            var records = new List<ImageRecord>();
            var names = new HashSet<(string Id, string Name)>();
            foreach (var text in images)
            {
                var record = Find(text, out var name);
                if (!records.Exists(other => other.Descriptor.Digest == record.Descriptor.Digest))
                {
                    records.Add(record);
                }

                names.UnionWith(name is not null ? [(record.Descriptor.Digest.Hex, name)] : NamesOf(record).Select(all => (record.Descriptor.Digest.Hex, all)));
            }

            return new ExportedImages(content.Blobs, [.. records.Select(record => new ExportedImage(record, References(record, names)))]);
        }
    }

    private IEnumerable<string> NamesOf(ImageRecord record) =>
        catalog.Visible.Where(entry => entry.Digest == record.Descriptor.Digest).Select(IndexEdit.NameOf).OfType<string>();

    private static List<ImageReference> References(ImageRecord record, HashSet<(string Manifest, string Name)> names) =>
        [.. names.Where(name => name.Manifest == record.Descriptor.Digest.Hex).Select(static name => name.Name).Order(StringComparer.Ordinal).Select(ImageReference.Parse)];
}
