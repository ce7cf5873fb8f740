namespace Can.Engine.Containers;

/// <summary>A side of a copy as people write it: <c>CONTAINER:PATH</c>, or a path of the host.</summary>
/// <param name="Container">Name or Id; null for the host.</param>
/// <param name="Path">The path.</param>
public sealed record CopyArgument(string? Container, string Path)
{
    /// <summary>Both parts.</summary>
    public (string? Container, string Path) Parts => (Container, Path);

    /// <summary>
    /// Parses it. A text that begins like a path, or has a slash before its first colon, or a second colon after that, is a path of the
    /// host; write <c>./a:b</c> for a file of such a name.
    /// </summary>
    public static CopyArgument Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon <= 0 || text[0] is '/' or '.' or '~' || text.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash && slash < colon
            || text.AsSpan(colon).StartsWith("::")
            ? new(null, text)
            : new(text[..colon], text[(colon + 1)..]);
    }
}
