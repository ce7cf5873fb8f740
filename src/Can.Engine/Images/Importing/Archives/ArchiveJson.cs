using System.Text.Json;
using Can.Engine.Images.Oci;
using Can.Engine.Storage;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>Texts of an archive: what is wrong with one is said with its name.</summary>
internal static class ArchiveJson
{
    public static OciIndex Index(byte[] bytes, string name) => Parse(bytes, OciReader.Index, name);

    public static OciManifest Manifest(byte[] bytes, string name) => Parse(bytes, OciReader.Manifest, name);

    public static OciImage Configuration(byte[] bytes, string name) => Parse(bytes, OciReader.Image, name);

    /// <summary>docker save's manifest.json.</summary>
    public static IReadOnlyList<DockerImage> DockerImages(byte[] bytes) => Parse(bytes, ReadDockerImages, ArchiveName.DockerManifest);

    private static IReadOnlyList<DockerImage> ReadDockerImages(ReadOnlyMemory<byte> utf8) => JsonMembers.ReadList(utf8, static json => new DockerImage
    {
        Config = json.Text("Config"u8).Required("Config"u8),
        RepoTags = json.Texts("RepoTags"u8),
        Layers = json.Texts("Layers"u8),
    });

    private static T Parse<T>(byte[] bytes, Func<ReadOnlyMemory<byte>, T> read, string name)
    {
        try
        {
            return read(bytes);
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
