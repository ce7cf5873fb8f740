namespace Can.Engine.Containers.Options;

/// <summary>Key sequences that leave an attached terminal.</summary>
public static class DetachKeys
{
    private const string Expected = "keys separated by commas, each one character or ctrl- with a letter or one of @ [ \\ ] ^ _, such as ctrl-p,ctrl-q";

    /// <summary>The bytes that a terminal sends for a sequence such as <c>ctrl-p,ctrl-q</c>; none for an empty text.</summary>
    /// <remarks>Docker's form: https://docs.docker.com/reference/cli/docker/container/attach/#detach-keys</remarks>
    /// <exception cref="CanException"><c>DetachKeysInvalid</c></exception>
    public static byte[] Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 ? [] : [.. text.Split(',').Select(key => ParseKey(key, text))];
    }

    private static byte ParseKey(string key, string text)
    {
        if (key.Length == 1 && char.IsAscii(key[0]) && !char.IsControl(key[0]))
        {
            return (byte)key[0];
        }

        if (key.Length == 6 && key.StartsWith("ctrl-", StringComparison.OrdinalIgnoreCase))
        {
            var letter = char.ToUpperInvariant(key[5]);
            if (letter is >= '@' and <= '_')
            {
                return (byte)(letter - '@');
            }
        }

        throw OptionError.Invalid("DetachKeysInvalid", "detach key sequence", text, Expected);
    }
}
