using System.Collections;
using System.Globalization;

namespace Can.Engine.Containers.Options;

/// <summary>The hashtable form of an option: names in any case, with or without '-' and '_'; every value must be asked for.</summary>
internal sealed class OptionDictionary
{
    private readonly string errorId;
    private readonly string what;
    private readonly string text;
    private readonly Dictionary<string, object?> values = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a hashtable over.</summary>
    /// <param name="errorId">Id of the error if something is wrong.</param>
    /// <param name="what">What it describes, such as <c>mount</c>.</param>
    /// <param name="dictionary">The hashtable.</param>
    /// <param name="text">The text it was made of; null for a hashtable of the caller's.</param>
    public OptionDictionary(string errorId, string what, IDictionary dictionary, string? text = null)
    {
        (this.errorId, this.what) = (errorId, what);
        this.text = text ?? string.Join(",", dictionary.Keys.Cast<object>().Select(key => $"{key}={dictionary[key]}"));
        foreach (DictionaryEntry entry in dictionary)
        {
            if (!values.TryAdd(Bare(entry.Key.ToString() ?? ""), entry.Value))
            {
                throw Invalid($"'{entry.Key}' only once");
            }
        }
    }

    /// <summary>The text of the first of these names that has a value; null if none has.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            known.Add(name);
        }

        foreach (var name in names)
        {
            if (values.Remove(name, out var value))
            {
                return Convert.ToString(value, CultureInfo.InvariantCulture);
            }
        }

        return null;
    }

    /// <summary>As <see cref="Text"/>, of something that must be there.</summary>
    public string Required(params ReadOnlySpan<string> names) =>
        Text(names) is { Length: > 0 } value ? value : throw Invalid($"a value for '{names[0]}'");

    /// <summary>A switch: true when it is named without a value.</summary>
    public bool? Flag(params ReadOnlySpan<string> names) => Text(names)?.ToUpperInvariant() switch
    {
        null => null,
        "" or "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => throw Invalid($"true or false for '{names[0]}'"),
    };

    /// <summary>Several texts: a list, or one text separated by commas.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        known.Add(name);
        return !values.Remove(name, out var value) || value is null ? []
            : value is IEnumerable items and not string ? [.. items.Cast<object>().Select(item => item.ToString() ?? "")]
            : (value.ToString() ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Requires that every name was known.</summary>
    public void RequireNothingLeft()
    {
        foreach (var name in values.Keys)
        {
            throw Invalid($"one of {string.Join(", ", known)} instead of '{name}'");
        }
    }

    /// <summary>The error for this option.</summary>
    public CanException Invalid(string expected) => OptionError.Invalid(errorId, what, text, expected);

    private static string Bare(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
}
