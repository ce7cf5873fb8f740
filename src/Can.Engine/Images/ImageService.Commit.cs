using Can.Engine.Containers;
using Can.Engine.Images.Committing;
using Can.Engine.Images.Importing;
using Can.Engine.Images.Oci;
using Can.Engine.Kernel;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Bytes between two reports of progress.</summary>
    private const long CommitReportEvery = 1 << 20;

    /// <summary>
    /// Makes an image of a container: its image's layers, and what it has changed as one layer more. A container that runs stands
    /// still while its files are read. The content of volumes and other mounts is not in the image.
    /// </summary>
    /// <param name="containerId">The container's full Id.</param>
    /// <param name="options">What else the image differs in.</param>
    /// <param name="progress">Told, on some thread, the bytes of files read so far; may be null.</param>
    /// <param name="cancellation">Stops it and leaves nothing.</param>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>ReferenceInvalid</c>, <c>FileNameReserved</c>, <c>DiskFull</c>,
    /// <c>PathNotAbsolute</c>, <c>PortInvalid</c>; nothing is left of it.</exception>
    public Image Commit(string containerId, CommitOptions options, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        Privileges.RequireRoot();
        CommitConfiguration.Check(options);
        var name = options.Reference is null ? null : ImageReference.Parse(options.Reference).ToString();
        var container = engine.Containers.GetById(containerId);
        using var staging = BeginStaging(cancellation);
        var original = Require(container.ImageId);
        Pin(staging, original, cancellation);
        var layer = TakeLayer(staging, container, options, progress, cancellation);
        var bytes = CommitConfiguration.Write(
            content.Blobs.Read(original.Manifest.Config.Digest, OciImage.Limit), layer.DiffId, options, $"Save-CanImage {container.Name}", DateTimeOffset.UtcNow);
        var manifest = ImageManifest.Stage(staging, staging.AddBlob(bytes), bytes.Length, [.. original.Manifest.Layers.Select(MediaTypes.ToOci), layer.Blob]);
        Publish(staging, [(manifest, name is null ? [] : [name])], cancellation);
        return Get(Digest.Of(bytes).Hex);
    }

    /// <summary>Keeps an image's layers, whatever happens to the container and the image meanwhile.</summary>
    private static void Pin(Staging staging, ImageRecord image, CancellationToken cancellation)
    {
        if (!image.Manifest.Layers.All(layer => staging.TryPin(layer.Digest, cancellation)) || !image.Layers.All(layer => staging.TryPinLayer(layer, cancellation)))
        {
            throw new CanException(
                "ImageNotFound", CanErrorCategory.ObjectNotFound,
                $"Layers of the container's image {image.Id[..12]} are gone. It was removed just now, or the store is damaged: Test-CanStorage lists what is.", image.Id);
        }
    }

    private StagedLayer TakeLayer(Staging staging, Container container, CommitOptions options, IProgress<long>? progress, CancellationToken cancellation)
    {
        long reported = 0;
        return BeginIngest(staging, null, cancellation).Take(
            output => engine.Containers.WriteLayer(container.Id, !options.NoSuspend, output, Report, cancellation), isRoot: false, static () => { });

        void Report(long done)
        {
            if (done - reported >= CommitReportEvery)
            {
                reported = done;
                progress?.Report(done);
            }
        }
    }
}
