namespace Can.Engine.Storage;

/// <summary>Of which characters names consist.</summary>
/// <remarks>Not <c>SearchValues</c>: names are short, and what those choose a vector of at run time costs a process its first milliseconds.</remarks>
internal static class Characters
{
    /// <summary>Whether all characters are of a kind.</summary>
    public static bool All(ReadOnlySpan<char> text, Func<char, bool> isOfKind)
    {
        foreach (var character in text)
        {
            if (!isOfKind(character))
            {
                return false;
            }
        }

        return true;
    }
}
