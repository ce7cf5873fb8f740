using System.CommandLine;

namespace Can.Cli.Common;

/// <summary>
/// Brings what people type for Docker into the one form that System.CommandLine cannot misunderstand: <c>--name=value</c> for each
/// option, then <c>--</c> and the arguments. It reads as Docker's parser does: short options in one word (<c>-ti</c>, <c>-m64m</c>),
/// values that begin with a hyphen, <c>--flag=false</c>, the last of several values, and a command that keeps its own options.
/// </summary>
/// <param name="verb">The verb whose options count.</param>
internal sealed class Words(Verb verb)
{
    private readonly List<string> options = [];
    private readonly List<string> arguments = [];
    private readonly Dictionary<Option, int> single = [];
    private bool asksForHelp;

    /// <summary>The command line of a verb in that form.</summary>
    /// <param name="given">What follows the verb's name.</param>
    /// <returns>It, and whether it asks for help instead.</returns>
    /// <exception cref="UsageException">An option is unknown or lacks its value.</exception>
    public (IReadOnlyList<string> Line, bool AsksForHelp) Read(ReadOnlySpan<string> given)
    {
        while (given.Length > 0)
        {
            if (arguments.Count >= verb.CommandAfter)
            {
                arguments.AddRange(given);
                break;
            }

            var word = given[0];
            given = given[1..];
            if (word == "--")
            {
                arguments.AddRange(given);
                break;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                ReadLong(word, ref given);
            }
            else if (word is ['-', _, ..])
            {
                ReadShort(word, ref given);
            }
            else
            {
                arguments.Add(word);
            }
        }

        return ([.. options, "--", .. arguments], asksForHelp);
    }

    private void ReadLong(string word, ref ReadOnlySpan<string> rest)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? word : word[..equals];
        if (name == "--help")
        {
            asksForHelp = true;
            return;
        }

        var option = Find(name) ?? throw new UsageException($"there is no option {name}");
        Take(option, name, equals < 0 ? null : word[(equals + 1)..], ref rest);
    }

    private void ReadShort(string word, ref ReadOnlySpan<string> rest)
    {
        for (var at = 1; at < word.Length; at++)
        {
            var name = $"-{word[at]}";
            if (Find(name) is not { } option)
            {
                if (name != "-h")
                {
                    throw new UsageException($"there is no option {name}{(word.Length > 2 ? $" (in {word})" : "")}");
                }

                asksForHelp = true;
                continue;
            }

            var value = word[(at + 1)..];
            if (!IsFlag(option) || value.StartsWith('='))
            {
                Take(option, name, value.Length == 0 ? null : value[0] == '=' ? value[1..] : value, ref rest);
                return;
            }

            Take(option, name, null, ref rest);
        }
    }

    private void Take(Option option, string name, string? value, ref ReadOnlySpan<string> rest)
    {
        if (IsFlag(option))
        {
            value ??= "true";
            value = value is "true" or "1" or "t" or "T" or "TRUE" or "True" ? "true"
                : value is "false" or "0" or "f" or "F" or "FALSE" or "False" ? "false"
                : throw new UsageException($"{name} is either given or not, or {name}=false, and not '{value}'");
        }
        else if (value is null)
        {
            if (rest.Length == 0)
            {
                throw new UsageException($"{name} needs a value");
            }

            value = rest[0];
            rest = rest[1..];
        }

        var text = $"{option.Name}={value}";
        if (option.Arity.MaximumNumberOfValues > 1)
        {
            options.Add(text);
        }
        else if (single.TryGetValue(option, out var earlier))
        {
            options[earlier] = text;
        }
        else
        {
            single[option] = options.Count;
            options.Add(text);
        }
    }

    private static bool IsFlag(Option option) => option.ValueType == typeof(bool);

    private Option? Find(string name)
    {
        foreach (var option in verb.Options)
        {
            if (option.Name == name || option.Aliases.Contains(name))
            {
                return option;
            }
        }

        return null;
    }
}
