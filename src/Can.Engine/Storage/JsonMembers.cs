using System.Text;
using System.Text.Json;

namespace Can.Engine.Storage;

/// <summary>
/// Takes a parsed object's members by name. A member that is missing or null is null; one of another kind than it should be, or a
/// null inside of a list or map, is a <see cref="JsonException"/> that names it.
/// </summary>
/// <remarks>
/// What every start reads is read with this and not with a description of its types: a process that starts one container spends more
/// on binding the description than on everything else that it does with the file.
/// </remarks>
internal static class JsonMembers
{
    /// <summary>Parses a text and reads the object that it is.</summary>
    /// <exception cref="JsonException">It is no JSON, or the reader does not find what it wants.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> utf8, Func<JsonElement, T> read)
        where T : class
    {
        using var document = JsonDocument.Parse(utf8);
        try
        {
            return read(document.RootElement);
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException("It has bytes that are no UTF-8, or half of a character.", error);
        }
    }

    /// <summary>Parses a text that is a list of objects.</summary>
    /// <exception cref="JsonException">It is no JSON, or the reader does not find what it wants.</exception>
    public static List<T> ReadList<T>(ReadOnlyMemory<byte> utf8, Func<JsonElement, T> read)
        where T : class => Read(utf8, root => ListOf(root, "text"u8, read));

    /// <summary>What a member must have said.</summary>
    public static T Required<T>(this T? value, ReadOnlySpan<byte> name)
        where T : class => value ?? throw Missing(name);

    /// <inheritdoc cref="Required{T}(T, ReadOnlySpan{byte})"/>
    public static long Required(this long? value, ReadOnlySpan<byte> name) => value ?? throw Missing(name);

    /// <inheritdoc cref="Required{T}(T, ReadOnlySpan{byte})"/>
    public static bool Required(this bool? value, ReadOnlySpan<byte> name) => value ?? throw Missing(name);

    /// <summary>A text.</summary>
    public static string? Text(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryMember(name, out var member) ? TextOf(member, name) : null;

    /// <summary>A whole number.</summary>
    public static long? Number(this JsonElement element, ReadOnlySpan<byte> name) => !element.TryMember(name, out var member) ? null
        : member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var value) ? value
        : throw Wrong(name, "a whole number");

    /// <summary>A whole number that is no larger than an <see cref="int"/>.</summary>
    public static int? Integer(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.Number(name) is not { } value ? null : value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Wrong(name, "a number of 32 bits");

    /// <summary>true or false.</summary>
    public static bool? Flag(this JsonElement element, ReadOnlySpan<byte> name) => !element.TryMember(name, out var member) ? null
        : member.ValueKind is JsonValueKind.True or JsonValueKind.False ? member.ValueKind == JsonValueKind.True
        : throw Wrong(name, "true or false");

    /// <summary>A time as RFC 3339 writes it.</summary>
    public static DateTimeOffset? Time(this JsonElement element, ReadOnlySpan<byte> name) => !element.TryMember(name, out var member) ? null
        : member.ValueKind == JsonValueKind.String && member.TryGetDateTimeOffset(out var value) ? value
        : throw Wrong(name, "a time");

    /// <summary>An object.</summary>
    public static T? Object<T>(this JsonElement element, ReadOnlySpan<byte> name, Func<JsonElement, T> read)
        where T : class => element.TryMember(name, out var member) ? read(Of(member, JsonValueKind.Object, name, "an object")) : null;

    /// <summary>A list of texts.</summary>
    public static List<string>? Texts(this JsonElement element, ReadOnlySpan<byte> name)
    {
        if (!element.TryMember(name, out var member))
        {
            return null;
        }

        var texts = new List<string>();
        foreach (var item in Of(member, JsonValueKind.Array, name, "a list").EnumerateArray())
        {
            texts.Add(TextOf(item, name));
        }

        return texts;
    }

    /// <summary>A list of objects.</summary>
    public static List<T>? Objects<T>(this JsonElement element, ReadOnlySpan<byte> name, Func<JsonElement, T> read)
        where T : class => element.TryMember(name, out var member) ? ListOf(member, name, read) : null;

    /// <summary>Texts by name.</summary>
    public static Dictionary<string, string>? TextMap(this JsonElement element, ReadOnlySpan<byte> name)
    {
        if (!element.TryMember(name, out var member))
        {
            return null;
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Of(member, JsonValueKind.Object, name, "an object").EnumerateObject())
        {
            map[entry.Name] = TextOf(entry.Value, name);
        }

        return map;
    }

    /// <summary>The names of an object that is used as a set: what they have as values means nothing.</summary>
    public static List<string>? Names(this JsonElement element, ReadOnlySpan<byte> name)
    {
        if (!element.TryMember(name, out var member))
        {
            return null;
        }

        var names = new List<string>();
        foreach (var entry in Of(member, JsonValueKind.Object, name, "an object").EnumerateObject())
        {
            names.Add(entry.Name);
        }

        return names;
    }

    private static List<T> ListOf<T>(JsonElement list, ReadOnlySpan<byte> name, Func<JsonElement, T> read)
        where T : class
    {
        var objects = new List<T>();
        foreach (var item in Of(list, JsonValueKind.Array, name, "a list").EnumerateArray())
        {
            objects.Add(read(Of(item, JsonValueKind.Object, name, "a list of objects")));
        }

        return objects;
    }

    private static bool TryMember(this JsonElement element, ReadOnlySpan<byte> name, out JsonElement member)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"There is {element.ValueKind} where an object with '{Encoding.UTF8.GetString(name)}' should be.");
        }

        return element.TryGetProperty(name, out member) && member.ValueKind != JsonValueKind.Null;
    }

    private static string TextOf(JsonElement member, ReadOnlySpan<byte> name) => Of(member, JsonValueKind.String, name, "text").GetString()!;

    private static JsonElement Of(JsonElement member, JsonValueKind kind, ReadOnlySpan<byte> name, string what) =>
        member.ValueKind == kind ? member : throw Wrong(name, what);

    private static JsonException Missing(ReadOnlySpan<byte> name) => new($"It has no '{Encoding.UTF8.GetString(name)}'.");

    private static JsonException Wrong(ReadOnlySpan<byte> name, string what) => new($"Its '{Encoding.UTF8.GetString(name)}' is not {what}.");
}
