using System.Text.Json;

namespace Can.Cli.Common.Listing.Templates;

/// <summary>Values of templates, all of which are JSON.</summary>
internal static class Values
{
    /// <summary>No value: what Go calls nil, and the zero value of what is missing in a map.</summary>
    public static JsonElement Null { get; } = Parse("null");

    /// <summary>A text.</summary>
    public static JsonElement Of(string text) => Parse(JsonText.Of(text));

    /// <summary>A number.</summary>
    public static JsonElement Of(decimal number) => Parse(JsonText.Write(writer => writer.WriteNumberValue(number)));

    /// <summary>True or false.</summary>
    public static JsonElement Of(bool value) => Parse(value ? "true" : "false");

    /// <summary>As Go has it: false, 0, and whatever is empty are not true.</summary>
    public static bool IsTrue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Number => value.GetDouble() != 0,
        JsonValueKind.String => !value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.GetPropertyCount() > 0,
        _ => false,
    };

    /// <summary>What is printed: texts as they are, nothing for null, else JSON.</summary>
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    /// <summary>What a value is, for an error.</summary>
    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "nothing",
        _ => "true or false",
    };

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
