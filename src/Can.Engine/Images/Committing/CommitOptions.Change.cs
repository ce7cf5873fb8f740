using System.Text;
using System.Text.Json;
using Can.Engine.Containers.Options;
using Can.Engine.Storage;

namespace Can.Engine.Images;

public sealed partial record CommitOptions
{
    private const string ErrorId = "ChangeInvalid";
    private const string What = "change of an image";

    /// <summary>These options with one more change, written as a line of a Dockerfile: <c>CMD ["sh"]</c>, <c>ENV A=1</c>, <c>EXPOSE 80</c>.</summary>
    /// <remarks>Docker's docker commit --change takes these instructions; https://docs.docker.com/reference/dockerfile/ has their forms.</remarks>
    /// <exception cref="CanException"><c>ChangeInvalid</c></exception>
    public CommitOptions With(string instruction)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        var words = instruction.Trim().Split((char[])[' ', '\t'], 2, StringSplitOptions.TrimEntries);
        var value = words.Length == 2 && words[1].Length > 0 ? words[1] : throw Invalid(instruction);
        return words[0].ToUpperInvariant() switch
        {
            "CMD" => this with { Command = Program(value, instruction) },
            "ENTRYPOINT" => this with { Entrypoint = Program(value, instruction) },
            "ENV" => this with { Environment = Merged(Environment, value, instruction) },
            "LABEL" => this with { Labels = Merged(Labels, value, instruction) },
            "USER" => this with { User = value },
            "WORKDIR" => this with { WorkingDirectory = value },
            "EXPOSE" => this with { ExposedPorts = [.. ExposedPorts, .. value.Split(' ', StringSplitOptions.RemoveEmptyEntries)] },
            "VOLUME" => this with { Volumes = [.. Volumes, .. value.StartsWith('[') ? Program(value, instruction) : value.Split(' ', StringSplitOptions.RemoveEmptyEntries)] },
            "STOPSIGNAL" => this with { StopSignal = value },
            _ => throw Invalid(instruction),
        };
    }

    /// <summary>The exec form is a JSON array; the shell form is for the image's shell.</summary>
    private static string[] Program(string text, string instruction)
    {
        if (!text.StartsWith('['))
        {
            return ["/bin/sh", "-c", text];
        }

        try
        {
            return JsonSerializer.Deserialize(text, CanJson.Default.StringArray) ?? throw Invalid(instruction);
        }
        catch (JsonException)
        {
            throw Invalid(instruction);
        }
    }

    /// <summary><c>NAME=VALUE</c>, several of them, with blanks in quotes or behind a backslash; or <c>NAME VALUE</c>.</summary>
    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> before, string text, string instruction)
    {
        var merged = new Dictionary<string, string>(before, StringComparer.Ordinal);
        if (text.Split(' ', 2) is [var name, var rest] && !name.Contains('=', StringComparison.Ordinal))
        {
            merged[name] = rest.Trim();
            return merged;
        }

        foreach (var pair in Pairs(text, instruction))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            merged[equals > 0 ? pair[..equals] : throw Invalid(instruction)] = pair[(equals + 1)..];
        }

        return merged;
    }

    private static List<string> Pairs(string text, string instruction)
    {
        var pairs = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter == '\\' && at + 1 < text.Length && IsEscaped(text[at + 1], quote))
            {
                word.Append(text[++at]);
            }
            else if (letter == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && letter is ('"' or '\''))
            {
                quote = letter;
            }
            else if (quote == '\0' && letter is (' ' or '\t'))
            {
                Take();
            }
            else
            {
                word.Append(letter);
            }
        }

        Take();
        return quote == '\0' ? pairs : throw Invalid(instruction);

        void Take()
        {
            if (word.Length > 0)
            {
                pairs.Add(word.ToString());
                word.Clear();
            }
        }
    }

    /// <summary>Whether a backslash takes a character's meaning away: of any without quotes, as in a shell, and of none in single ones.</summary>
    private static bool IsEscaped(char letter, char quote) => quote == '\0' || (quote == '"' && letter is ('"' or '\\' or '$'));

    private static CanException Invalid(string instruction) => OptionError.Invalid(
        ErrorId, What, instruction,
        "CMD, ENTRYPOINT, ENV, LABEL, USER, WORKDIR, EXPOSE, VOLUME or STOPSIGNAL and its value, as in a Dockerfile");
}
