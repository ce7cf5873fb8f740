namespace Can.Cli.Common;

/// <summary><c>NAME=VALUE</c> given several times.</summary>
internal static class Pairs
{
    /// <summary>The pairs; a name alone has an empty value, and the last of several wins.</summary>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<string> texts)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? text : text[..equals];
            pairs[name.Length > 0 ? name : throw new UsageException($"'{text}' has no name; write NAME=VALUE")] = equals < 0 ? "" : text[(equals + 1)..];
        }

        return pairs;
    }
}
