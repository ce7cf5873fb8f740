using System.CommandLine;
using System.Text.Json;

namespace Can.Cli.Common.Listing;

/// <summary>
/// What all verbs that list have in common: a table, with <c>-q</c> only the first column, with <c>--format json</c> one JSON object a
/// line (as Docker writes it: every value a text), and with <c>--format TEMPLATE</c> a line of text for each.
/// </summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="columns">The facts of one, those of the table in its order.</param>
internal sealed class Listing<T>(params Column<T>[] columns)
{
    private const string Gap = "   ";

    /// <summary>How it is shown.</summary>
    public Option<string?> Format { get; } = Opt.Text("--format", "FORMAT", "table, json (an object a line), or a template such as '{{.ID}} {{.State}}'");

    /// <summary>Only the Ids or names.</summary>
    public Option<bool> Quiet { get; } = Opt.Flag("--quiet|-q", "Only the Ids or names");

    /// <summary>Writes the objects as the command line wants them.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="output">Gets the text.</param>
    /// <param name="items">What is listed.</param>
    /// <param name="table">Keys of the table's columns, where they are not those with a heading in their order.</param>
    /// <exception cref="UsageException">The template cannot be understood.</exception>
    public void Write(ParseResult line, TextWriter output, IReadOnlyList<T> items, params IReadOnlyList<string> table)
    {
        var format = line.GetValue(Format) ?? "table";
        if (line.GetValue(Quiet) && format == "table")
        {
            foreach (var item in items)
            {
                output.WriteLine(columns[0].Value(item));
            }
        }
        else if (format == "json")
        {
            WriteJson(output, items);
        }
        else if (format.StartsWith("table", StringComparison.Ordinal))
        {
            WriteTable(output, Shown(format["table".Length..], table), items);
        }
        else
        {
            WriteTemplate(output, Template.Parse(format), items);
        }
    }

    // "table {{.ID}}\t{{.Names}}" is a table of these columns.
    private List<Column<T>> Shown(string fields, IReadOnlyList<string> otherwise)
    {
        List<string> names = fields.Length > 0 ? Template.Parse(fields.Trim()).Columns() : [.. otherwise];
        return names.Count > 0 ? names.ConvertAll(Find) : [.. columns.Where(static column => column.Heading is not null)];
    }

    private Column<T> Find(string key) => Array.Find(columns, column => column.Key == key)
        ?? throw new UsageException($"there is no {{{{.{key}}}}} here, only {string.Join(", ", columns.Select(static column => column.Key))}");

    private void WriteTemplate(TextWriter output, Template template, IReadOnlyList<T> items)
    {
        // Only what is named is asked for: some facts take time to find out.
        Column<T>[] named = template.Named.Contains("") ? columns : [.. template.Named.Distinct().Select(Find)];
        foreach (var item in items)
        {
            using var values = JsonDocument.Parse(Json(item, named));
            output.WriteLine(template.Fill(values.RootElement));
        }
    }

    private void WriteJson(TextWriter output, IReadOnlyList<T> items)
    {
        foreach (var item in items)
        {
            output.WriteLine(Json(item, columns));
        }
    }

    private static string Json(T item, Column<T>[] shown) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        foreach (var column in shown)
        {
            writer.WriteString(column.Key, column.Value(item));
        }

        writer.WriteEndObject();
    });

    private static void WriteTable(TextWriter output, List<Column<T>> shown, IReadOnlyList<T> items)
    {
        var rows = new List<string[]>(items.Count + 1) { shown.Select(static column => column.Heading ?? column.Key.ToUpperInvariant()).ToArray() };
        foreach (var item in items)
        {
            rows.Add(shown.ConvertAll(column => column.Value(item)).ToArray());
        }

        var widths = new int[shown.Count];
        foreach (var row in rows)
        {
            for (var at = 0; at < row.Length; at++)
            {
                widths[at] = Math.Max(widths[at], row[at].Length);
            }
        }

        foreach (var row in rows)
        {
            for (var at = 0; at < row.Length - 1; at++)
            {
                output.Write(row[at].PadRight(widths[at]));
                output.Write(Gap);
            }

            output.WriteLine(row[^1]);
        }
    }
}
