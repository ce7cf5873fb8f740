using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Can.Engine.Images.Oci;

/// <summary>Writes indexes and manifests as the specifications have them; <see cref="OciReader"/> reads them.</summary>
internal static class OciWriter
{
    /// <summary><c>+</c> in media types stays as it is.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An index.</summary>
    public static byte[] Write(OciIndex index) => Write(index.SchemaVersion, index.MediaType, index.Annotations, json =>
        WriteDescriptors(json, "manifests", index.Manifests));

    /// <summary>A manifest.</summary>
    public static byte[] Write(OciManifest manifest) => Write(manifest.SchemaVersion, manifest.MediaType, manifest.Annotations, json =>
    {
        json.WritePropertyName("config");
        WriteDescriptor(json, manifest.Config);
        WriteDescriptors(json, "layers", manifest.Layers);
    });

    private static byte[] Write(int schemaVersion, string? mediaType, IReadOnlyDictionary<string, string>? annotations, Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", schemaVersion);
            WriteText(json, "mediaType", mediaType);
            content(json);
            WriteAnnotations(json, annotations);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteDescriptors(Utf8JsonWriter json, string name, IReadOnlyList<OciDescriptor> descriptors)
    {
        json.WriteStartArray(name);
        foreach (var descriptor in descriptors)
        {
            WriteDescriptor(json, descriptor);
        }

        json.WriteEndArray();
    }

    private static void WriteDescriptor(Utf8JsonWriter json, OciDescriptor descriptor)
    {
        json.WriteStartObject();
        WriteText(json, "mediaType", descriptor.MediaType);
        json.WriteString("digest", descriptor.Digest.ToString());
        json.WriteNumber("size", descriptor.Size);
        if (descriptor.Platform is { } platform)
        {
            json.WriteStartObject("platform");
            WriteText(json, "architecture", platform.Architecture);
            WriteText(json, "os", platform.Os);
            WriteText(json, "variant", platform.Variant);
            json.WriteEndObject();
        }

        WriteAnnotations(json, descriptor.Annotations);
        json.WriteEndObject();
    }

    private static void WriteAnnotations(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? annotations)
    {
        if (annotations is null)
        {
            return;
        }

        json.WriteStartObject("annotations");
        foreach (var (name, value) in annotations)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
