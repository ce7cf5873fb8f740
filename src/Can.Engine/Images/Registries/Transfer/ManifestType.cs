using System.Text.Json;
using Can.Engine.Images.Oci;
using Can.Engine.Images.Registries.Protocol;

namespace Can.Engine.Images.Registries.Transfer;

/// <summary>Finds out what kind of manifest something is.</summary>
internal static class ManifestType
{
    /// <summary>The media type that the manifest itself says, else the one that the registry says, else what its members look like.</summary>
    /// <returns>Null if it is none that is understood.</returns>
    public static string? Of(ReceivedManifest manifest)
    {
        try
        {
            using var json = JsonDocument.Parse(manifest.Bytes);
            return json.RootElement.ValueKind == JsonValueKind.Object ? Of(json.RootElement, manifest.ContentType) : null;
        }
        catch (JsonException)
        {
            // Its own parser says what is wrong with it.
            return Known(manifest.ContentType);
        }
    }

    private static string? Of(JsonElement manifest, string? contentType)
    {
        var own = manifest.TryGetProperty("mediaType", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
        if ((own ?? Known(contentType)) is { } stated)
        {
            return Known(stated);
        }

        return manifest.TryGetProperty("manifests", out _) ? MediaTypes.OciIndex
            : manifest.TryGetProperty("config", out _) && manifest.TryGetProperty("layers", out _) ? MediaTypes.OciManifest
            : null;
    }

    private static string? Known(string? type) => MediaTypes.IsIndex(type) || MediaTypes.IsManifest(type) ? type : null;
}
