using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Can.Engine.Containers;
using Can.Engine.Networks;
using Can.Engine.Storage.Content;
using Can.Engine.Volumes;

namespace Can.Engine.Storage;

/// <summary>The store's JSON: indented for people, generated at compile time so that it works ahead of time and starts fast.</summary>
/// <remarks>
/// The generator sets every init property, those that a file lacks to null or 0 and not to their initial values. So properties that
/// are not nullable are <c>required</c> or <see cref="JsonRequiredAttribute"/>, and whatever a later version adds is nullable.
/// </remarks>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ContainerDefinition))]
[JsonSerializable(typeof(LayerRecord))]
[JsonSerializable(typeof(VolumeRecord))]
[JsonSerializable(typeof(NetworkDefinition))]
[JsonSerializable(typeof(NetworkRecord))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class CanJson : JsonSerializerContext;

/// <summary>Reads and writes one object as one JSON file.</summary>
internal static class JsonFile
{
    /// <summary>The object in a file; null if there is no such file.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c>: the file is empty, truncated or not what it should be.</exception>
    public static T? TryRead<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        if (AtomicFile.TryRead(path) is not { } bytes)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw Corrupt(path, "it says null", null);
        }
        catch (JsonException exception)
        {
            throw Corrupt(path, exception.Message, exception);
        }
    }

    /// <summary>Writes an object, whole or not at all.</summary>
    public static void Write<T>(string path, T value, JsonTypeInfo<T> type, bool durable) =>
        AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(value, type), durable);

    private static CanException Corrupt(string path, string why, Exception? cause) => new(
        "StoreCorrupt",
        CanErrorCategory.InvalidData,
        $"The store's file '{path}' is damaged: {why} Restore it from a backup, or remove its directory to give up the object.",
        path,
        cause);
}
