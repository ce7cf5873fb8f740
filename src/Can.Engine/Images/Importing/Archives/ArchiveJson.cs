using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Can.Engine.Images.Oci;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>Texts of an archive, read with the suspicion that they deserve: what comes out of here has no null where none may be.</summary>
internal static class ArchiveJson
{
    public static OciIndex Index(byte[] bytes, string name)
    {
        var index = Parse(bytes, OciJson.Default.OciIndex, name);
        Check(index.Manifests.All(static entry => IsWhole(entry)), name, "lists something that is no descriptor");
        return index;
    }

    public static OciManifest Manifest(byte[] bytes, string name)
    {
        var manifest = Parse(bytes, OciJson.Default.OciManifest, name);
        Check(IsWhole(manifest.Config) && manifest.Layers.All(static layer => IsWhole(layer)), name, "lists something that is no descriptor");
        return manifest;
    }

    public static OciImage Configuration(byte[] bytes, string name)
    {
        var image = Parse(bytes, OciJson.Default.OciImage, name);
        var defaults = OciConfiguration.Defaults(image);
        var texts = defaults.Entrypoint.Concat(defaults.Command).Concat(defaults.Environment).Concat(defaults.Labels.Values);
        Check(
            texts.All(static text => text is not null) && image.Rootfs.DiffIds.All(static id => id.Hex is not null) && image.History?.Any(static step => step is null) != true,
            name,
            "has a null where none may be");
        return image;
    }

    /// <summary>docker save's manifest.json.</summary>
    public static IReadOnlyList<DockerImage> DockerImages(byte[] bytes)
    {
        var images = Parse(bytes, DockerJson.Default.IReadOnlyListDockerImage, ArchiveName.DockerManifest);
        Check(
            images.All(static image => image is not null && image.Layers?.Any(static layer => layer is null) != true && image.RepoTags?.Any(static tag => tag is null) != true),
            ArchiveName.DockerManifest,
            "has a null where none may be");
        return images;
    }

    private static bool IsWhole(OciDescriptor? descriptor) =>
        descriptor is { Size: >= 0 } && descriptor.Annotations?.Values.Any(static value => value is null) != true;

    private static void Check(bool good, string name, string what)
    {
        if (!good)
        {
            throw ImageError.Corrupt($"its '{name}' {what}");
        }
    }

    private static T Parse<T>(byte[] bytes, JsonTypeInfo<T> type, string name)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw ImageError.Corrupt($"its '{name}' says null");
        }
        catch (JsonException exception)
        {
            throw ImageError.Corrupt($"its '{name}' cannot be understood: {exception.Message}", exception);
        }
    }
}

/// <summary>An image in docker save's manifest.json.</summary>
/// <remarks>https://github.com/moby/docker-image-spec/blob/main/v1.3.md#combined-image-json--filesystem-changeset-format</remarks>
internal sealed record DockerImage
{
    public required string Config { get; init; }

    public IReadOnlyList<string>? RepoTags { get; init; }

    public IReadOnlyList<string>? Layers { get; init; }
}

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(IReadOnlyList<DockerImage>))]
internal sealed partial class DockerJson : JsonSerializerContext;
