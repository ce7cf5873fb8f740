using System.CommandLine;
using Can.Cli.Common;

namespace Can.Cli.Completion;

/// <summary>Finds what fits at the end of a command line, from the verbs themselves.</summary>
internal sealed class Completer(Session session)
{
    private readonly CompletionValues values = new(session);

    /// <summary>What fits, with a description.</summary>
    /// <param name="words">The words after <c>can</c>; the last is what has been typed of the one to complete.</param>
    public IEnumerable<(string Text, string Description)> Complete(ReadOnlySpan<string> words)
    {
        var current = words.Length > 0 ? words[^1] : "";
        var before = words.Length > 0 ? words[..^1] : words;
        return Candidates(before, current).Where(candidate =>
            candidate.Text == CompletionValues.Files || candidate.Text.StartsWith(current, StringComparison.Ordinal));
    }

    private IEnumerable<(string Text, string Description)> Candidates(ReadOnlySpan<string> before, string current)
    {
        if (before is [])
        {
            return Verbs.Single.Select(static entry => Describe(entry)).Where(static entry => entry.Text != CompleteVerb.Word)
                .Concat(Verbs.Groups.Select(static group => (group.Name, group.Description)));
        }

        var first = before[0];
        if (Array.Find(Verbs.Single, entry => entry.Name == first) is { } single)
        {
            return OfVerb(single.Make(), before[1..], current);
        }

        if (Array.Find(Verbs.Groups, group => group.Name == first) is not { } found)
        {
            return [];
        }

        if (before is [_])
        {
            return found.Verbs.Select(Describe);
        }

        var second = before[1];
        return Array.Find(found.Verbs, entry => entry.Is(second)) is { } inner ? OfVerb(inner.Make(), before[2..], current) : [];
    }

    private static (string Text, string Description) Describe(VerbEntry entry) => (entry.Name, entry.Make().Description ?? "");

    private IEnumerable<(string Text, string Description)> OfVerb(Verb verb, ReadOnlySpan<string> before, string current)
    {
        var arguments = 0;
        var only = false;
        for (var at = 0; at < before.Length; at++)
        {
            var word = before[at];
            if (only || arguments >= verb.CommandAfter || word is "-" || !word.StartsWith('-'))
            {
                arguments++;
            }
            else if (word == "--")
            {
                only = true;
            }
            else if (TakesNext(verb, word) is { } option)
            {
                if (++at == before.Length)
                {
                    return values.Of(option.HelpName ?? "");
                }
            }
        }

        return only || arguments >= verb.CommandAfter || !current.StartsWith('-') ? OfArgument(verb, arguments) : OfOption(verb, current);
    }

    private IEnumerable<(string Text, string Description)> OfArgument(Verb verb, int number)
    {
        if (number >= verb.CommandAfter || verb.Arguments.Count == 0)
        {
            return [];
        }

        var argument = verb.Arguments[Math.Min(number, verb.Arguments.Count - 1)];
        return number < verb.Arguments.Count || argument.Arity.MaximumNumberOfValues > 1 ? values.Of(argument.Name) : [];
    }

    private IEnumerable<(string Text, string Description)> OfOption(Verb verb, string current)
    {
        var equals = current.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && Find(verb, current[..equals]) is { HelpName: { } value })
        {
            return values.Of(value).Select(candidate => candidate.Text == CompletionValues.Files ? candidate : (current[..(equals + 1)] + candidate.Text, candidate.Description));
        }

        return verb.Options.SelectMany(static option => option.Aliases.Prepend(option.Name)
                .Where(static name => name.StartsWith("--", StringComparison.Ordinal))
                .Select(name => (name, option.Description ?? "")))
            .Append(("--help", "Show help"));
    }

    /// <summary>The option whose value is the next word: the last of several short ones, if it has one.</summary>
    private static Option? TakesNext(Verb verb, string word)
    {
        var name = word.StartsWith("--", StringComparison.Ordinal) ? word : $"-{word[^1]}";
        return name.Contains('=', StringComparison.Ordinal) || Find(verb, name) is not { } option || option.ValueType == typeof(bool) ? null : option;
    }

    private static Option? Find(Verb verb, string name) => verb.Options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));
}
