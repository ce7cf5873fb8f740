namespace Can.Engine.Containers.Options;

/// <summary><c>NAME=VALUE</c>, as environments and labels are written.</summary>
public static class NamedText
{
    private const string ErrorId = "NamedTextInvalid";

    /// <summary>Adds what a text says to others; the later value of a name is the one that counts.</summary>
    /// <param name="pairs">Names and values so far.</param>
    /// <param name="text"><c>NAME=VALUE</c> or <c>NAME</c>.</param>
    /// <param name="fromEnvironment">
    /// A name alone has the value that the calling process's variable of this name has, and is left out if there is none; otherwise it has an empty one.
    /// </param>
    /// <exception cref="CanException"><c>NamedTextInvalid</c>: the name is empty.</exception>
    public static void Add(IDictionary<string, string> pairs, string text, bool fromEnvironment)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(text);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        if (name.Length == 0)
        {
            throw OptionError.Invalid(ErrorId, "variable or label", text, "NAME=VALUE, with a name");
        }

        if (equals >= 0)
        {
            pairs[name] = text[(equals + 1)..];
        }
        else if (!fromEnvironment)
        {
            pairs[name] = "";
        }
        else if (Environment.GetEnvironmentVariable(name) is { } value)
        {
            pairs[name] = value;
        }
    }

    /// <summary>What several texts say.</summary>
    /// <inheritdoc cref="Add"/>
    public static Dictionary<string, string> Read(IEnumerable<string> texts, bool fromEnvironment)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            Add(pairs, text, fromEnvironment);
        }

        return pairs;
    }
}
