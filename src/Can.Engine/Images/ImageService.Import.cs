using Can.Engine.Images.Importing;
using Can.Engine.Kernel;

namespace Can.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>
    /// Imports what is at a path, found out by looking: an archive of docker save or podman save (either format) or another OCI archive,
    /// also compressed as a whole; an OCI image layout; a root file system as a directory or a tar, plain or compressed by gzip, zstd or
    /// xz, which becomes an image of one layer. A file, a directory or a pipe. What the store has already is not brought in again.
    /// </summary>
    /// <param name="path">The file, directory or pipe.</param>
    /// <param name="options">How; null for nothing in particular.</param>
    /// <param name="progress">Told, on any thread, the number of bytes read so far and their total (0 if unknown); may be null.</param>
    /// <param name="cancellation">Stops the import and leaves nothing.</param>
    /// <returns>The images in the archive's order, at least one.</returns>
    /// <exception cref="CanException"><c>ReferenceInvalid</c>, <c>ImageNotSingle</c>, <c>ConfigurationNotApplicable</c>,
    /// <c>PathNotFound</c>, <c>ImageFormatUnknown</c>, <c>ImageCorrupt</c>, <c>ImageUnsafePath</c>, <c>DigestMismatch</c>,
    /// <c>DiffIdMismatch</c>, <c>SizeMismatch</c>, <c>BlobTruncated</c>, <c>PlatformNotFound</c>, <c>ImageTooLarge</c>,
    /// <c>LibraryMissing</c>, <c>DiskFull</c>; nothing is left of the import.</exception>
    public IReadOnlyList<Image> Import(string path, ImportOptions? options, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation) =>
        Import(path, import => import.FromPath(path), options, progress, cancellation);

    /// <summary>Imports what comes through a stream, in one pass over it; the stream stays the caller's.</summary>
    /// <inheritdoc cref="Import(string, ImportOptions?, IProgress{ValueTuple{long, long}}?, CancellationToken)"/>
    /// <param name="stream">The archive or root tar.</param>
    /// <param name="options">How; null for nothing in particular.</param>
    /// <param name="progress">Told, on any thread, the number of bytes read so far and their total (0 if unknown); may be null.</param>
    /// <param name="cancellation">Stops the import and leaves nothing.</param>
    public IReadOnlyList<Image> Import(Stream stream, ImportOptions? options, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation) =>
        Import("stream", import => import.FromStream(stream), options, progress, cancellation);

    /// <summary>Imports a root file system, or an archive's only image.</summary>
    /// <inheritdoc cref="Import(string, ImportOptions?, IProgress{ValueTuple{long, long}}?, CancellationToken)"/>
    /// <param name="path">The file or directory.</param>
    /// <param name="reference">Name for it, such as <c>busybox:latest</c>; taken over from an image that has it. Null for the archive's own.</param>
    /// <param name="configuration">Defaults for containers of a root file system; null for a shell without an entrypoint.</param>
    /// <param name="progress">Told, on any thread, the number of bytes read so far and their total (0 if unknown); may be null.</param>
    /// <param name="cancellation">Stops the import and leaves nothing.</param>
    public Image Import(string path, string? reference, ImageConfiguration? configuration, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation) =>
        Import(path, new ImportOptions { Reference = reference, Configuration = configuration }, progress, cancellation)[0];

    private IReadOnlyList<Image> Import(
        string name,
        Func<ImageImport, IReadOnlyList<(Oci.OciDescriptor Image, IReadOnlyList<string> References)>> stage,
        ImportOptions? options,
        IProgress<(long Done, long Total)>? progress,
        CancellationToken cancellation)
    {
        Privileges.RequireRoot();
        var reference = options?.Reference is { } given ? ImageReference.Parse(given).ToString() : null;
        using var staging = BeginStaging(cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var import = new ImageImport(this, name, reference, options ?? new(), staging, new ImportMeter(progress), stop);
        var images = import.Run(stage);
        Publish(staging, images, cancellation);
        return [.. images.Select(image => catalog.Describe(image.Image).Id).Distinct().Select(Get)];
    }
}
