using System.Text;

namespace Can.Cli.Common.Listing;

/// <summary>
/// The part of Docker's templates that scripts use: <c>{{.Name}}</c>, <c>{{.State.Pid}}</c> and <c>{{json .Name}}</c> in other text, with
/// <c>\t</c> and <c>\n</c>. There is no logic; jq does that with <c>--format json</c>.
/// </summary>
internal sealed class Template
{
    private readonly List<(string Text, bool IsField, bool IsJson)> parts = [];

    /// <summary>Names of the fields, in their order.</summary>
    public List<string> Fields => [.. parts.Where(static part => part.IsField).Select(static part => part.Text)];

    /// <summary>Takes a template apart.</summary>
    /// <exception cref="UsageException">It has more in it than fields.</exception>
    public static Template Parse(string text)
    {
        var template = new Template();
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            var open = rest.IndexOf("{{");
            if (open != 0)
            {
                var plain = open < 0 ? rest : rest[..open];
                template.parts.Add((plain.ToString().Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal), false, false));
                rest = rest[plain.Length..];
                continue;
            }

            var close = rest.IndexOf("}}");
            var inner = close < 0 ? rest : rest[2..close].Trim();
            var json = inner.StartsWith("json ");
            var field = json ? inner[5..].Trim() : inner;
            if (close < 0 || !IsField(field))
            {
                throw new UsageException($"the template's '{inner}' is none of {{{{.Field}}}}, {{{{.Field.Field}}}} and {{{{json .Field}}}}; for more pipe --format json into jq");
            }

            template.parts.Add((field[1..].ToString(), true, json));
            rest = rest[(close + 2)..];
        }

        return template;
    }

    private static bool IsField(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_'))
            {
                return false;
            }
        }

        return text.StartsWith('.');
    }

    /// <summary>The text with the fields' values.</summary>
    /// <param name="value">Gives the value of a field, as JSON if the second argument is true.</param>
    public string Fill(Func<string, bool, string> value)
    {
        var result = new StringBuilder();
        foreach (var (text, isField, isJson) in parts)
        {
            result.Append(isField ? value(text, isJson) : text);
        }

        return result.ToString();
    }
}
