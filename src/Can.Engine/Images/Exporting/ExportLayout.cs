using System.Buffers;
using System.Text.Json;
using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Exporting;

/// <summary>
/// The files of an exported OCI image layout, in the order in which they are written: what says what is what comes first, so that an
/// archive can be read from a pipe. The same images give the same bytes.
/// </summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/image-layout.md</remarks>
internal static class ExportLayout
{
    /// <summary>An OCI layout whose blobs are those of the store.</summary>
    public static IReadOnlyList<ExportPart> Oci(ExportedImages images)
    {
        var parts = new List<ExportPart> { Version(), Index(images.Images.Select(static image => (image.Record.Descriptor, image.References))) };
        foreach (var (record, _) in images.Images)
        {
            parts.AddRange(record.Blobs.Reverse().Select(images.Blob));
        }

        return [.. parts.DistinctBy(static part => part.Path)];
    }

    /// <summary>
    /// The same with plain layers, and with a manifest.json for those who know no OCI layout: docker load before version 25, and the
    /// docker-archive of podman and skopeo. A manifest whose layers are plain already stays as it is, and so does its digest.
    /// </summary>
    public static IReadOnlyList<ExportPart> Docker(ExportedImages images, CancellationToken cancellation)
    {
        var layers = new UncompressedLayers(images, cancellation);
        var manifests = images.Images.Select(image => Plain(images, image.Record, layers)).ToList();
        var parts = new List<ExportPart>
        {
            Version(),
            Index(manifests.Zip(images.Images, static (manifest, image) => (manifest.Descriptor, image.References))),
            DockerManifest(images.Images),
        };
        foreach (var (manifest, image) in manifests.Zip(images.Images))
        {
            parts.Add(manifest.Part);
            parts.Add(images.Blob(image.Record.Manifest.Config.Digest));
            parts.AddRange(image.Record.Image.Rootfs.DiffIds.Select(diffId => layers[diffId].Part));
        }

        return [.. parts.DistinctBy(static part => part.Path)];
    }

    private static ExportPart Version() => ExportPart.Of("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray());

    private static (OciDescriptor Descriptor, ExportPart Part) Plain(ExportedImages images, ImageRecord record, UncompressedLayers layers)
    {
        var descriptors = record.Image.Rootfs.DiffIds.Select(diffId => layers[diffId].Descriptor).ToList();
        if (MediaTypes.OciManifest == record.Descriptor.MediaType && record.Manifest.Layers.Select(static layer => layer.Digest).SequenceEqual(record.Image.Rootfs.DiffIds))
        {
            return (record.Descriptor, images.Blob(record.Descriptor.Digest));
        }

        var manifest = new OciManifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciManifest,
            Config = new OciDescriptor { MediaType = MediaTypes.OciConfiguration, Digest = record.Manifest.Config.Digest, Size = record.Manifest.Config.Size },
            Layers = descriptors,
            Annotations = record.Manifest.Annotations,
        };
        var bytes = OciWriter.Write(manifest);
        var digest = Digest.Of(bytes);
        return (new OciDescriptor { MediaType = MediaTypes.OciManifest, Digest = digest, Size = bytes.Length }, ExportPart.Blob(digest, bytes));
    }

    /// <summary>
    /// A descriptor for every name. Names are written in full: podman takes short ones for its own, on localhost, and containerd wants
    /// them whole in an annotation of its own.
    /// </summary>
    private static ExportPart Index(IEnumerable<(OciDescriptor Manifest, IReadOnlyList<ImageReference> References)> images)
    {
        var index = new OciIndex
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciIndex,
            Manifests = [.. images.SelectMany(static image => image.References.Select(FullName).DefaultIfEmpty(null).Select(name => Named(image.Manifest, name)))],
        };
        return ExportPart.Of("index.json", OciWriter.Write(index));
    }

    private static string FullName(ImageReference reference) =>
        reference.Digest is { } digest ? $"{reference.FullName}@{digest}" : $"{reference.FullName}:{reference.Tag}";

    private static OciDescriptor Named(OciDescriptor manifest, string? name) => manifest with
    {
        Annotations = name is null ? null : new Dictionary<string, string> { [Annotations.ContainerdName] = name, [Annotations.ReferenceName] = name },
    };

    /// <summary>What docker save writes: for each image where its configuration and layers are, and its tags.</summary>
    private static ExportPart DockerManifest(IReadOnlyList<ExportedImage> images)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var same in images.GroupBy(static image => image.Record.Id))
            {
                json.WriteStartObject();
                json.WriteString("Config", ExportPart.PathOf(new Digest(same.Key)));
                WriteTags(json, [.. same.SelectMany(static image => image.References).Where(static reference => reference.Tag is not null)]);
                json.WriteStartArray("Layers");
                foreach (var diffId in same.First().Record.Image.Rootfs.DiffIds)
                {
                    json.WriteStringValue(ExportPart.PathOf(diffId));
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return ExportPart.Of("manifest.json", buffer.WrittenSpan.ToArray());
    }

    /// <summary>An image without any tag has null, as Docker writes it.</summary>
    private static void WriteTags(Utf8JsonWriter json, IReadOnlyList<ImageReference> references)
    {
        if (references.Count == 0)
        {
            json.WriteNull("RepoTags");
            return;
        }

        json.WriteStartArray("RepoTags");
        foreach (var reference in references)
        {
            json.WriteStringValue(FullName(reference));
        }

        json.WriteEndArray();
    }
}
