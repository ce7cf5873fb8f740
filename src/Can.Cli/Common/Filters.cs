using System.CommandLine;

namespace Can.Cli.Common;

/// <summary>
/// <c>--filter KEY=VALUE</c>: several of one key are alternatives, and those of different keys have to hold together, as Docker has it;
/// of <c>label</c> all have to hold.
/// </summary>
/// <typeparam name="T">What is filtered.</typeparam>
/// <param name="keys">The keys there are, and whether an object fits a value.</param>
internal sealed class Filters<T>(params (string Key, Func<T, string, bool> Fits)[] keys)
{
    /// <summary>The option.</summary>
    public Option<IReadOnlyList<string>> Option { get; } =
        Opt.Texts("--filter|-f", "KEY=VALUE", $"Only what fits; keys: {string.Join(", ", keys.Select(static key => key.Key))}");

    /// <summary>Whether a filter of this key is given.</summary>
    public bool Has(ParseResult line, string key) => line.GetValue(Option)!.Any(text => text.StartsWith($"{key}=", StringComparison.Ordinal));

    /// <summary>What fits all filters of a command line.</summary>
    /// <exception cref="UsageException">A filter has another key or no value.</exception>
    public List<T> Apply(ParseResult line, IEnumerable<T> items)
    {
        var groups = line.GetValue(Option)!.Select(Split).GroupBy(static filter => filter.Key).ToList();
        return [.. items.Where(item => groups.TrueForAll(group => group.Key.Key == "label"
            ? group.All(filter => group.Key.Fits(item, filter.Value))
            : group.Any(filter => group.Key.Fits(item, filter.Value))))];
    }

    private ((string Key, Func<T, string, bool> Fits) Key, string Value) Split(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        var key = Array.Find(keys, key => key.Key == name);
        return equals >= 0 && key.Fits is not null
            ? (key, text[(equals + 1)..])
            : throw new UsageException($"'{text}' is no filter; write KEY=VALUE with one of the keys {string.Join(", ", keys.Select(static key => key.Key))}");
    }
}

/// <summary>Filters that several nouns have.</summary>
internal static class Filters
{
    /// <summary>Whether labels have a <c>NAME</c> or <c>NAME=VALUE</c>.</summary>
    public static bool HasLabel(IReadOnlyDictionary<string, string> labels, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? labels.ContainsKey(text) : labels.TryGetValue(text[..equals], out var value) && value == text[(equals + 1)..];
    }
}
