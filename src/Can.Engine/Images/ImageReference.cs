using System.Buffers;

namespace Can.Engine.Images;

/// <summary>A name and a tag, such as <c>registry:5000/team/app:1.2</c>.</summary>
/// <param name="Name">Everything before the tag.</param>
/// <param name="Tag">The tag.</param>
/// <remarks>The grammar is that of https://github.com/distribution/reference. Written by hand: a regular expression would cost
/// the first container of a shell more than the whole look-up.</remarks>
internal sealed record ImageReference(string Name, string Tag)
{
    /// <summary>The tag when none is given.</summary>
    public const string DefaultTag = "latest";

    private const int MaximumNameLength = 255;
    private const int MaximumTagLength = 128;

    private static readonly SearchValues<char> ComponentCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-");
    private static readonly SearchValues<char> TagCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Takes text apart.</summary>
    /// <exception cref="CanException"><c>ReferenceInvalid</c></exception>
    public static ImageReference Parse(string text) => TryParse(text) ?? throw new CanException(
        "ReferenceInvalid",
        CanErrorCategory.InvalidArgument,
        $"'{text}' is not an image reference. Give NAME or NAME:TAG, the name in lower case letters, digits and single separators (. _ - /), such as 'team/app:1.2'.",
        text);

    /// <summary>Takes text apart; null if it is no reference.</summary>
    public static ImageReference? TryParse(string text)
    {
        // A colon before a slash belongs to the registry's port.
        var colon = text.LastIndexOf(':');
        var tagged = colon > text.LastIndexOf('/');
        var reference = tagged ? new ImageReference(text[..colon], text[(colon + 1)..]) : new ImageReference(text, DefaultTag);
        return IsName(reference.Name) && IsTag(reference.Tag) ? reference : null;
    }

    /// <summary>The whole reference with its tag.</summary>
    public override string ToString() => $"{Name}:{Tag}";

    private static bool IsTag(string tag) =>
        tag.Length is > 0 and <= MaximumTagLength && tag[0] is not ('.' or '-') && !tag.AsSpan().ContainsAnyExcept(TagCharacters);

    private static bool IsName(string name)
    {
        var slash = name.IndexOf('/');
        var first = slash < 0 ? name : name[..slash];
        var hasHost = slash > 0 && (first.AsSpan().ContainsAny('.', ':') || first == "localhost");
        return name.Length <= MaximumNameLength
            && (!hasHost || IsHost(first))
            && Array.TrueForAll((hasHost ? name[(slash + 1)..] : name).Split('/'), IsComponent);
    }

    private static bool IsHost(string text)
    {
        var colon = text.IndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        return (colon < 0 || ushort.TryParse(text.AsSpan(colon + 1), out _))
            && !host.AsSpan().ContainsAnyExcept(HostCharacters)
            && Array.TrueForAll(host.Split('.'), static label => label.Length > 0 && label[0] != '-' && label[^1] != '-');
    }

    /// <summary>Letters and digits, between them single separators: a point, one or two underscores, any number of hyphens.</summary>
    private static bool IsComponent(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1]) || text.AsSpan().ContainsAnyExcept(ComponentCharacters))
        {
            return false;
        }

        for (var start = 1; start < text.Length; start++)
        {
            var end = start;
            while (!char.IsAsciiLetterOrDigit(text[end]))
            {
                end++;
            }

            var separator = text.AsSpan(start, end - start);
            if (separator is not ("" or "." or "_" or "__") && separator.ContainsAnyExcept('-'))
            {
                return false;
            }

            start = end;
        }

        return true;
    }
}
