using System.Globalization;
using System.Text.Json;

namespace Can.Cli.Common.Listing;

/// <summary>Members that many objects have.</summary>
internal static class JsonMembers
{
    /// <summary>An array of texts; null is written as null.</summary>
    public static void WriteTexts(this Utf8JsonWriter writer, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    /// <summary>A set of texts, as Go writes it: an object whose members are empty objects.</summary>
    public static void WriteSet(this Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartObject(name);
        foreach (var value in values)
        {
            writer.WriteStartObject(value);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>An object whose members are texts.</summary>
    public static void WritePairs(this Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string> values)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    /// <summary>A moment as RFC 3339 has it; the year 1 for none, as Docker does.</summary>
    public static void WriteMoment(this Utf8JsonWriter writer, string name, DateTimeOffset? value) =>
        writer.WriteString(name, (value ?? DateTimeOffset.MinValue).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
}
