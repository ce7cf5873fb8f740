using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Can.Engine.Containers;
using Can.Engine.Networks;
using Can.Engine.Storage.Content;
using Can.Engine.Volumes;

namespace Can.Engine.Storage;

/// <summary>The store's JSON as it is read; generated at compile time, so that it works ahead of time.</summary>
/// <remarks>
/// The generator sets every init property, those that a file lacks to null or 0 and not to their initial values. So properties that
/// are not nullable are <c>required</c> or <see cref="JsonRequiredAttribute"/>, and whatever a later version adds is nullable, or means
/// what it should when it is false.
/// </remarks>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ContainerDefinition))]
[JsonSerializable(typeof(LayerRecord))]
[JsonSerializable(typeof(VolumeRecord))]
[JsonSerializable(typeof(NetworkRecord))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class CanJson : JsonSerializerContext;

/// <summary>
/// The same as it is written. Apart from what reads it, because a process that starts one container would wait
/// longer for a description of all types than for the text.
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ContainerDefinition))]
[JsonSerializable(typeof(LayerRecord))]
[JsonSerializable(typeof(VolumeRecord))]
[JsonSerializable(typeof(NetworkDefinition))]
[JsonSerializable(typeof(NetworkRecord))]
internal sealed partial class CanJsonText : JsonSerializerContext
{
    // What the generator made is called as it is: by way of the serializer a description of each type would be made first.
    public static void Write(Utf8JsonWriter json, ContainerDefinition value) => Default.ContainerDefinitionSerializeHandler(json, value);

    public static void Write(Utf8JsonWriter json, LayerRecord value) => Default.LayerRecordSerializeHandler(json, value);

    public static void Write(Utf8JsonWriter json, VolumeRecord value) => Default.VolumeRecordSerializeHandler(json, value);

    public static void Write(Utf8JsonWriter json, NetworkDefinition value) => Default.NetworkDefinitionSerializeHandler(json, value);

    public static void Write(Utf8JsonWriter json, NetworkRecord value) => Default.NetworkRecordSerializeHandler(json, value);
}

/// <summary>Reads and writes one object as one JSON file.</summary>
internal static class JsonFile
{
    /// <summary>The object in a file; null if there is no such file.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c>: the file is empty, truncated or not what it should be.</exception>
    public static T? TryRead<T>(string path, JsonTypeInfo<T> type)
        where T : class => TryRead(path, bytes => JsonSerializer.Deserialize(bytes.Span, type) ?? throw new JsonException("It says null."));

    /// <inheritdoc cref="TryRead{T}(string, JsonTypeInfo{T})"/>
    public static T? TryRead<T>(string path, Func<ReadOnlyMemory<byte>, T> read)
        where T : class
    {
        if (AtomicFile.TryRead(path) is not { } bytes)
        {
            return null;
        }

        try
        {
            return read(bytes);
        }
        catch (JsonException exception)
        {
            throw Corrupt(path, exception.Message, exception);
        }
    }

    /// <summary>Writes an object, whole or not at all, indented for people.</summary>
    public static void Write<T>(string path, T value, Action<Utf8JsonWriter, T> write, bool durable)
        where T : class
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            write(json, value);
        }

        AtomicFile.Write(path, buffer.WrittenSpan, durable);
    }

    private static CanException Corrupt(string path, string why, Exception? cause) => new(
        "StoreCorrupt",
        CanErrorCategory.InvalidData,
        $"The store's file '{path}' is damaged: {why} Restore it from a backup, or remove its directory to give up the object.",
        path,
        cause);
}
