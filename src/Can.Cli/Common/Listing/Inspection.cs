using System.Text.Json;

namespace Can.Cli.Common.Listing;

/// <summary>How <c>inspect</c> shows objects, whatever they are: a JSON array, or a template filled in for each.</summary>
internal static class Inspection
{
    /// <summary>Writes objects, each a JSON text.</summary>
    /// <exception cref="UsageException">The template cannot be understood, or names what is not there.</exception>
    public static void Write(string? format, TextWriter output, IReadOnlyList<string> objects)
    {
        if (format is null or "json")
        {
            output.WriteLine(JsonText.Write(
                writer =>
                {
                    writer.WriteStartArray();
                    foreach (var json in objects)
                    {
                        using var document = JsonDocument.Parse(json);
                        document.WriteTo(writer);
                    }

                    writer.WriteEndArray();
                },
                indented: format is null));
            return;
        }

        var template = Template.Parse(format);
        foreach (var json in objects)
        {
            using var document = JsonDocument.Parse(json);
            output.WriteLine(template.Fill(document.RootElement));
        }
    }

    /// <summary>Writes one object, a JSON text, as such or by a template.</summary>
    /// <exception cref="UsageException">The template cannot be understood, or names what is not there.</exception>
    public static void WriteOne(string format, TextWriter output, string json)
    {
        if (format == "json")
        {
            output.WriteLine(json);
        }
        else if (format.Contains("{{", StringComparison.Ordinal))
        {
            Write(format, output, [json]);
        }
        else
        {
            throw new UsageException($"'{format}' is no format; there are json, and templates such as '{{{{.Version}}}}'");
        }
    }
}
