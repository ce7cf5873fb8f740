using System.Text;
using System.Text.Json;

namespace Can.Cli.Common.Listing.Templates;

/// <summary>What a function is given.</summary>
/// <param name="Name">The name it was called by.</param>
/// <param name="Values">The arguments.</param>
/// <param name="At">Where in the template.</param>
internal readonly record struct Arguments(string Name, JsonElement[] Values, int At)
{
    /// <summary>An argument that has to be a text; nothing is the empty one.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public string Text(int index) => Values[index].ValueKind is JsonValueKind.String or JsonValueKind.Null
        ? Values[index].GetString() ?? ""
        : throw Error($"takes a text, not {Templates.Values.Kind(Values[index])}");

    /// <summary>What is wrong with them.</summary>
    public UsageException Error(string what) => TemplateError.At(At, $"'{Name}' {what}");
}

/// <summary>A function of templates.</summary>
/// <param name="Least">How many arguments it takes at least.</param>
/// <param name="Most">How many it takes at most.</param>
/// <param name="Body">What it does.</param>
internal sealed record Function(int Least, int Most, Func<Arguments, JsonElement> Body)
{
    private static readonly Dictionary<string, Function> All = new(StringComparer.Ordinal)
    {
        ["eq"] = new(2, int.MaxValue, static given => Values.Of(IsAny(given.Values))),
        ["index"] = new(1, int.MaxValue, Index),
        ["join"] = new(2, 2, Join),
        ["json"] = new(1, 1, static given => Values.Of(given.Values[0].GetRawText())),
        ["len"] = new(1, 1, Length),
        ["lower"] = new(1, 1, static given => Values.Of(given.Text(0).ToLowerInvariant())),
        ["ne"] = new(2, 2, static given => Values.Of(!IsAny(given.Values))),
        ["println"] = new(0, int.MaxValue, static given => Values.Of(string.Join(' ', given.Values.Select(Values.Text)) + "\n")),
        ["upper"] = new(1, 1, static given => Values.Of(given.Text(0).ToUpperInvariant())),
    };

    private static readonly Function OfCondition = new(1, int.MaxValue, static _ => Values.Null), Not = OfCondition with { Most = 1 };

    /// <summary>An expression that calls a function.</summary>
    /// <param name="token">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="UsageException">There is no such function, or it does not take so many arguments.</exception>
    public static Expression Call(Token token, IReadOnlyList<Expression> arguments)
    {
        var (name, isCondition) = (token.Text, Condition.Has(token.Text));
        var function = isCondition ? name == "not" ? Not : OfCondition
            : All.TryGetValue(name, out var found) ? found
            : throw TemplateError.At(token.At, $"there is no function '{name}', only and, or, not, {string.Join(", ", All.Keys)}");
        if (arguments.Count < function.Least || arguments.Count > function.Most)
        {
            var wanted = arguments.Count < function.Least ? $"at least {function.Least}" : $"at most {function.Most}";
            throw TemplateError.At(token.At, $"'{name}' has {arguments.Count} arguments, and has to have {wanted}");
        }

        return isCondition ? new Condition(name, arguments) : new Call(name, function, arguments, token.At);
    }

    private static JsonElement Index(Arguments given)
    {
        var value = given.Values[0];
        foreach (var key in given.Values.AsSpan(1))
        {
            value = (value.ValueKind, key.ValueKind) switch
            {
                (JsonValueKind.Null, JsonValueKind.String) => Values.Null,
                (JsonValueKind.Object, JsonValueKind.String) => value.TryGetProperty(key.GetString()!, out var inner) ? inner : Values.Null,
                (JsonValueKind.Null, JsonValueKind.Number) => Item(given, [], key),
                (JsonValueKind.Array, JsonValueKind.Number) => Item(given, [.. value.EnumerateArray()], key),
                _ => throw given.Error($"finds {Values.Kind(key)} in no value that is {Values.Kind(value)}; objects have texts for keys, lists have numbers"),
            };
        }

        return value;
    }

    private static JsonElement Item(Arguments given, JsonElement[] items, JsonElement key) => key.TryGetInt32(out var index) && index >= 0 && index < items.Length
        ? items[index]
        : throw given.Error($"is asked for number {key.GetRawText()} of a list of {items.Length}; the first is 0");

    private static JsonElement Join(Arguments given) => given.Values[0].ValueKind switch
    {
        JsonValueKind.Null => Values.Of(""),
        JsonValueKind.Array => Values.Of(string.Join(given.Text(1), given.Values[0].EnumerateArray().Select(Values.Text))),
        _ => throw given.Error($"takes a list and a text in between, not {Values.Kind(given.Values[0])}"),
    };

    private static JsonElement Length(Arguments given) => Values.Of(given.Values[0] switch
    {
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength(),
        { ValueKind: JsonValueKind.Object } map => map.GetPropertyCount(),
        { ValueKind: JsonValueKind.Null } => 0,
        { ValueKind: JsonValueKind.String } text => Encoding.UTF8.GetByteCount(text.GetString()!),
        var other => throw given.Error($"takes a text, a list or an object, not {Values.Kind(other)}"),
    });

    // What is missing in a map of texts is the empty text in Go.
    private static bool IsAny(JsonElement[] values) => values.Skip(1).Any(other =>
        JsonElement.DeepEquals(values[0], other) || (Values.Text(values[0]).Length == 0 && Values.Text(other).Length == 0));
}
