using System.Text.Json;
using Can.Engine.Images.Importing;
using Can.Engine.Images.Oci;
using Can.Engine.Kernel;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>What a container of a bare root gets.</summary>
    private static readonly ImageConfiguration BareRoot = new()
    {
        Command = ["/bin/sh"],
        Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    };

    /// <summary>
    /// Imports a root tar (plain, gzip or zstd, found out by looking) or a directory as an image of one layer. The same files with
    /// the same configuration are the same image, which then has one reference more.
    /// </summary>
    /// <param name="path">The tar file or directory.</param>
    /// <param name="reference">Name for it, such as <c>busybox:latest</c>; taken over from an image that has it. Null for none.</param>
    /// <param name="configuration">Defaults for containers; null for a shell without an entrypoint.</param>
    /// <param name="progress">Told, on the calling thread, the number of bytes read so far and their total (0 if unknown); may be null.</param>
    /// <param name="cancellation">Stops the import and leaves nothing.</param>
    /// <exception cref="CanException"><c>ReferenceInvalid</c>, <c>PathNotFound</c>, <c>ImageFormatUnknown</c>, <c>ImageCorrupt</c>,
    /// <c>ImageUnsafePath</c>, <c>LibraryMissing</c>, <c>DiskFull</c>; nothing is left of the import.</exception>
    public Image Import(string path, string? reference, ImageConfiguration? configuration, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        Privileges.RequireRoot();
        var name = reference is null ? null : ImageReference.Parse(reference).ToString();
        using var source = RootSource.Open(path, Root.State);
        using var staging = BeginStaging(cancellation);
        var layer = Unpack(path, source, staging, progress, cancellation);
        var bytes = OciConfiguration.Write(configuration ?? BareRoot, [layer.DiffId], "Import-CanImage");
        var manifest = StageManifest(staging, bytes, [layer.Blob]);
        Publish(staging, [(manifest, name is null ? [] : [name])], cancellation);
        return Get(Digest.Of(bytes).Hex);
    }

    /// <summary>Writes the manifest and the configuration of an image whose layers are staged or pinned.</summary>
    private static OciDescriptor StageManifest(Staging staging, byte[] configuration, IReadOnlyList<OciDescriptor> layers)
    {
        var manifest = new OciManifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciManifest,
            Config = new OciDescriptor { MediaType = MediaTypes.OciConfiguration, Digest = staging.AddBlob(configuration), Size = configuration.Length },
            Layers = layers,
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, OciJson.Plain.OciManifest);
        return new OciDescriptor { MediaType = MediaTypes.OciManifest, Digest = staging.AddBlob(bytes), Size = bytes.Length };
    }

    private StagedLayer Unpack(
        string path, RootSource source, Staging staging, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        try
        {
            return BeginIngest(staging, null, cancellation).Take(source.Produce, () => progress?.Report((source.Done, source.Total)));
        }
        catch (CanException error) when (error.Category == CanErrorCategory.InvalidData)
        {
            throw ImageError.In(path, error);
        }
    }
}
