using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Can.Cli.Common.Listing;

/// <summary>JSON without a serializer: what is written is known, and nothing has to be found out about types at run time.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Indented = OneLine with { Indented = true, IndentSize = 4 };

    /// <summary>Text for what an action writes.</summary>
    public static string Write(Action<Utf8JsonWriter> write, bool indented = false)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, indented ? Indented : OneLine))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>A text as JSON.</summary>
    public static string Of(string text) => Write(writer => writer.WriteStringValue(text));
}
