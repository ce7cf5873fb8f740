using Can.Engine.Storage;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images;

/// <summary>A reference to an image: registry, repository, and a tag or the digest of a manifest.</summary>
/// <remarks>The grammar and its short forms are those of https://github.com/distribution/reference: <c>busybox</c> is
/// <c>docker.io/library/busybox:latest</c>. Written by hand: a regular expression would cost the first container of a shell more than
/// the whole look-up.</remarks>
public sealed record ImageReference
{
    /// <summary>The registry when none is given.</summary>
    public const string DefaultRegistry = "docker.io";

    /// <summary>The tag when neither a tag nor a digest is given.</summary>
    public const string DefaultTag = "latest";

    private const string LegacyDefaultRegistry = "index.docker.io";
    private const string OfficialPrefix = "library/";
    private const int MaximumNameLength = 255;
    private const int MaximumTagLength = 128;

    private ImageReference(string registry, string repository, string? tag, Digest? digest)
    {
        Registry = registry;
        Repository = repository;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>Host, and port after a colon, of the registry: <c>docker.io</c>, <c>localhost:5000</c>.</summary>
    public string Registry { get; }

    /// <summary>Path in the registry: <c>library/busybox</c>, <c>team/app</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag; null if there is a digest.</summary>
    public string? Tag { get; }

    /// <summary>The manifest's digest; null if there is a tag. A tag beside a digest means nothing and is dropped, as in Docker.</summary>
    internal Digest? Digest { get; }

    /// <summary>Registry and repository in the short form that people use: <c>busybox</c>, <c>localhost:5000/team/app</c>.</summary>
    public string Name => Registry != DefaultRegistry ? $"{Registry}/{Repository}"
        : Repository.StartsWith(OfficialPrefix, StringComparison.Ordinal) && Repository.IndexOf('/', OfficialPrefix.Length) < 0 ? Repository[OfficialPrefix.Length..]
        : Repository;

    /// <summary>Registry and repository in full: <c>docker.io/library/busybox</c>.</summary>
    public string FullName => $"{Registry}/{Repository}";

    /// <summary>Takes text apart.</summary>
    /// <exception cref="CanException"><c>ReferenceInvalid</c></exception>
    public static ImageReference Parse(string text) => TryParse(text) ?? throw new CanException(
        "ReferenceInvalid",
        CanErrorCategory.InvalidArgument,
        $"'{text}' is not an image reference. Give NAME, NAME:TAG or NAME@sha256:DIGEST, the name in lower case letters, digits and single separators (. _ - /) with a registry before it if need be, such as 'team/app:1.2' or 'localhost:5000/app'.",
        text);

    /// <summary>Takes text apart; null if it is no reference.</summary>
    public static ImageReference? TryParse(string text)
    {
        Digest? digest = null;
        var rest = text;
        if (text.IndexOf('@') is >= 0 and var at)
        {
            if (!Storage.Content.Digest.TryParse(text[(at + 1)..], out var parsed))
            {
                return null;
            }

            (digest, rest) = (parsed, text[..at]);
        }

        // A colon before a slash belongs to the registry's port.
        var colon = rest.LastIndexOf(':');
        var tag = colon > rest.LastIndexOf('/') ? rest[(colon + 1)..] : null;
        if (tag is not null && !IsTag(tag))
        {
            return null;
        }

        return FromName(tag is null ? rest : rest[..colon], digest is null ? tag ?? DefaultTag : null, digest);
    }

    /// <summary>The same repository's image of this digest.</summary>
    internal ImageReference WithDigest(Digest digest) => new(Registry, Repository, null, digest);

    /// <summary>The short form with its tag or digest.</summary>
    public override string ToString() => Digest is { } digest ? $"{Name}@{digest}" : $"{Name}:{Tag}";

    private static ImageReference? FromName(string name, string? tag, Digest? digest)
    {
        var slash = name.IndexOf('/');
        var host = slash > 0 && IsRegistry(name.AsSpan(0, slash)) ? name[..slash] : null;
        var repository = host is null ? name : name[(slash + 1)..];
        if (name.Length > MaximumNameLength || (host is not null && !IsHost(host)) || !Array.TrueForAll(repository.Split('/'), IsComponent))
        {
            return null;
        }

        var registry = host is null or LegacyDefaultRegistry ? DefaultRegistry : host;
        if (registry == DefaultRegistry && !repository.Contains('/'))
        {
            // Such a name could not be told from an Id.
            return Storage.Content.Digest.IsHex(repository) ? null : new ImageReference(registry, OfficialPrefix + repository, tag, digest);
        }

        return new ImageReference(registry, repository, tag, digest);
    }

    private static bool IsRegistry(ReadOnlySpan<char> first) =>
        first.ContainsAny('.', ':') || first is "localhost" || first.ContainsAnyInRange('A', 'Z');

    private static bool IsTag(string tag) =>
        tag.Length is > 0 and <= MaximumTagLength && tag[0] is not ('.' or '-') && Characters.All(tag, static character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');

    private static bool IsHost(string text)
    {
        if (text[0] == '[')
        {
            var end = text.IndexOf(']');
            return end > 0 && IsPort(text.AsSpan(end + 1)) && System.Net.IPAddress.TryParse(text.AsSpan(1, end - 1), out _);
        }

        var colon = text.IndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        return (colon < 0 || IsPort(text.AsSpan(colon)))
            && Characters.All(host, static character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-')
            && Array.TrueForAll(host.Split('.'), static label => label.Length > 0 && label[0] != '-' && label[^1] != '-');
    }

    private static bool IsPort(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text[0] == ':' && !text[1..].ContainsAnyExceptInRange('0', '9') && ushort.TryParse(text[1..], out _));

    private static bool IsOfComponent(char character) => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '.' or '_' or '-';

    /// <summary>Letters and digits, between them single separators: a point, one or two underscores, any number of hyphens.</summary>
    private static bool IsComponent(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1]) || !Characters.All(text, IsOfComponent))
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
