using System.Text.Json;
using Can.Engine.Storage;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Oci;

/// <summary>Reads what the specifications describe, with the suspicion that texts from elsewhere deserve: nothing that must be there is null.</summary>
/// <remarks>All of it throws <see cref="JsonException"/> when the text is not what it should be.</remarks>
internal static class OciReader
{
    /// <summary>An index.</summary>
    public static OciIndex Index(ReadOnlyMemory<byte> utf8) => JsonMembers.Read(utf8, static json => new OciIndex
    {
        SchemaVersion = SchemaVersion(json),
        MediaType = json.Text("mediaType"u8),
        Manifests = json.Objects("manifests"u8, Descriptor).Required("manifests"u8),
        Annotations = json.TextMap("annotations"u8),
    });

    /// <summary>A manifest.</summary>
    public static OciManifest Manifest(ReadOnlyMemory<byte> utf8) => JsonMembers.Read(utf8, static json => new OciManifest
    {
        SchemaVersion = SchemaVersion(json),
        MediaType = json.Text("mediaType"u8),
        Config = json.Object("config"u8, Descriptor).Required("config"u8),
        Layers = json.Objects("layers"u8, Descriptor).Required("layers"u8),
        Annotations = json.TextMap("annotations"u8),
    });

    /// <summary>An image's configuration.</summary>
    public static OciImage Image(ReadOnlyMemory<byte> utf8) => JsonMembers.Read(utf8, static json => new OciImage
    {
        Architecture = json.Text("architecture"u8),
        Os = json.Text("os"u8),
        Variant = json.Text("variant"u8),
        Created = json.Time("created"u8),
        Author = json.Text("author"u8),
        Config = json.Object("config"u8, Defaults),
        Rootfs = json.Object("rootfs"u8, RootFileSystem).Required("rootfs"u8),
        History = json.Objects("history"u8, History),
    });

    private static int SchemaVersion(JsonElement json) => json.Integer("schemaVersion"u8) ?? throw new JsonException("It has no 'schemaVersion'.");

    private static OciDescriptor Descriptor(JsonElement json) => new()
    {
        MediaType = json.Text("mediaType"u8),
        Digest = DigestOf(json.Text("digest"u8).Required("digest"u8)),
        Size = json.Number("size"u8) is var size and >= 0 ? size.Value : throw new JsonException("A descriptor has no 'size'."),
        Platform = json.Object("platform"u8, Platform),
        Annotations = json.TextMap("annotations"u8),
    };

    private static OciPlatform Platform(JsonElement json) => new()
    {
        Architecture = json.Text("architecture"u8),
        Os = json.Text("os"u8),
        Variant = json.Text("variant"u8),
    };

    private static OciImageDefaults Defaults(JsonElement json) => new()
    {
        User = json.Text("User"u8),
        ExposedPorts = json.Names("ExposedPorts"u8),
        Env = json.Texts("Env"u8),
        Entrypoint = json.Texts("Entrypoint"u8),
        Cmd = json.Texts("Cmd"u8),
        Volumes = json.Names("Volumes"u8),
        WorkingDir = json.Text("WorkingDir"u8),
        Labels = json.TextMap("Labels"u8),
        StopSignal = json.Text("StopSignal"u8),
        HealthCheck = json.Object("Healthcheck"u8, HealthCheck),
    };

    private static OciHealthCheck HealthCheck(JsonElement json) => new()
    {
        Test = json.Texts("Test"u8),
        Interval = json.Number("Interval"u8),
        Timeout = json.Number("Timeout"u8),
        StartPeriod = json.Number("StartPeriod"u8),
        StartInterval = json.Number("StartInterval"u8),
        Retries = json.Integer("Retries"u8),
    };

    private static OciRootFileSystem RootFileSystem(JsonElement json) => new()
    {
        Type = json.Text("type"u8),
        DiffIds = json.Texts("diff_ids"u8).Required("diff_ids"u8).ConvertAll(DigestOf),
    };

    private static OciHistory History(JsonElement json) => new()
    {
        Created = json.Time("created"u8),
        CreatedBy = json.Text("created_by"u8),
        Author = json.Text("author"u8),
        Comment = json.Text("comment"u8),
        EmptyLayer = json.Flag("empty_layer"u8),
    };

    private static Digest DigestOf(string text) =>
        Digest.TryParse(text, out var digest) ? digest : throw new JsonException("A digest is not 'sha256:' with 64 hexadecimal digits.");
}
