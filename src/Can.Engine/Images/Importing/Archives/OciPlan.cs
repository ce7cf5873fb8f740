using System.Text.Json;
using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>The images of an OCI image layout, be it a directory or an archive.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/image-layout.md</remarks>
internal sealed class OciPlan(ImageFiles files)
{
    /// <summary>An index in an index in an index…: nobody makes more than two.</summary>
    private const int MaximumDepth = 4;

    /// <summary>What is in the layout, several names of one manifest taken together.</summary>
    /// <exception cref="CanException"><c>ImageCorrupt</c>, <c>PlatformNotFound</c> and the like.</exception>
    public IReadOnlyList<PlannedImage> Images()
    {
        var index = ArchiveJson.Index(files.Read(ArchiveName.Index, OciManifest.Limit), ArchiveName.Index);
        var manifests = index.Manifests
            .Where(static entry => !PlatformChoice.IsAttestation(entry))
            .GroupBy(static entry => ArchiveReferences.Of(entry).FirstOrDefault())
            .SelectMany(static group => OnePlatform([.. group]))
            .Select(entry => (Manifest: Resolve(entry, 0), Names: ArchiveReferences.Of(entry)))
            .GroupBy(static entry => entry.Manifest.Digest, static (_, entries) => (entries.First().Manifest, Names: entries.SelectMany(static entry => entry.Names)))
            .ToList();
        return [.. manifests.Select(entry => Image(entry.Manifest, ArchiveReferences.Of(entry.Names))).OfType<PlannedImage>()];
    }

    /// <summary>Manifests of one name for several platforms are one image.</summary>
    private static IEnumerable<OciDescriptor> OnePlatform(IReadOnlyList<OciDescriptor> entries) =>
        entries.Select(static entry => entry.Digest).Distinct().Count() > 1 && entries.All(static entry => entry.Platform is not null)
            ? [PlatformChoice.Choose(entries)]
            : entries;

    /// <summary>Goes from an index to the manifest for this machine.</summary>
    private OciDescriptor Resolve(OciDescriptor entry, int depth)
    {
        if (!MediaTypes.IsIndex(TypeOf(entry)))
        {
            return entry;
        }

        if (depth == MaximumDepth)
        {
            throw ImageError.Corrupt("its indexes are nested too deeply");
        }

        var nested = ArchiveJson.Index(ReadManifest(entry), entry.Digest.ToString());
        var choice = nested.Manifests.Count == 1 && nested.Manifests[0].Platform is null ? nested.Manifests[0] : PlatformChoice.Choose(nested.Manifests);
        return Resolve(choice, depth + 1);
    }

    /// <summary>The media type; in old layouts only the thing itself says what it is.</summary>
    private string? TypeOf(OciDescriptor entry)
    {
        if (entry.MediaType is not null)
        {
            return entry.MediaType;
        }

        try
        {
            using var json = JsonDocument.Parse(ReadManifest(entry));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("manifests", out _) ? MediaTypes.OciIndex : MediaTypes.OciManifest;
        }
        catch (JsonException exception)
        {
            throw ImageError.Corrupt($"its '{entry.Digest}' cannot be understood: {exception.Message}", exception);
        }
    }

    private byte[] ReadManifest(OciDescriptor entry) => files.ReadBlob(entry.Digest, entry.Size, OciManifest.Limit);

    /// <summary>An image; null if it is an artifact of another kind, which is stored in the same way.</summary>
    private PlannedImage? Image(OciDescriptor entry, IReadOnlyList<string> references)
    {
        var type = TypeOf(entry);
        if (!MediaTypes.IsManifest(type))
        {
            return null;
        }

        var bytes = ReadManifest(entry);
        var manifest = ArchiveJson.Manifest(bytes, entry.Digest.ToString());
        if (manifest.Config.MediaType is not (null or MediaTypes.OciConfiguration or MediaTypes.DockerConfiguration))
        {
            return null;
        }

        var configuration = files.ReadBlob(manifest.Config.Digest, manifest.Config.Size, OciImage.Limit);
        var image = ArchiveJson.Configuration(configuration, manifest.Config.Digest.ToString());
        if (image.Rootfs.DiffIds.Count != manifest.Layers.Count)
        {
            throw ImageError.Corrupt($"its manifest {entry.Digest} has {manifest.Layers.Count} layers, and its configuration {image.Rootfs.DiffIds.Count}");
        }

        return new PlannedImage
        {
            Manifest = (new OciDescriptor { MediaType = type, Digest = entry.Digest, Size = bytes.Length }, bytes),
            Configuration = configuration,
            Layers = [.. manifest.Layers.Zip(image.Rootfs.DiffIds, Layer)],
            References = references,
        };
    }

    private static PlannedLayer Layer(OciDescriptor blob, Digest diffId) => new(
        ArchiveName.Blobs + blob.Digest.Hex,
        new LayerExpectation { Digest = blob.Digest, Size = blob.Size, DiffId = diffId.Hex });
}
