namespace Can.Engine.Containers.Options;

/// <summary>What all forms of a mount have in common: its source, its target, how it propagates.</summary>
internal static class MountPaths
{
    public const string DefaultPropagation = "rprivate";

    /// <summary>Propagations understood; what a container mounts below a shared one would have to show on the host, which Can does not do.</summary>
    private static readonly string[] Propagations = ["private", "rprivate", "slave", "rslave"];

    /// <summary>A target: absolute, not the root, without <c>.</c>, <c>..</c> and needless slashes.</summary>
    /// <exception cref="CanException"><c>MountTargetInvalid</c></exception>
    public static string Target(string target)
    {
        var parts = target.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!target.StartsWith('/') || parts.Length == 0 || parts.Any(part => part is "." or "..") || target.Contains('\0'))
        {
            throw OptionError.Invalid(
                "MountTargetInvalid", "mount target", target, "an absolute path in the container other than '/', without '.' and '..'");
        }

        return '/' + string.Join('/', parts);
    }

    /// <summary>A source that fits the kind.</summary>
    /// <exception cref="CanException"><c>VolumeSourceRelative</c>, and the caller's error</exception>
    public static string Source(MountKind kind, string source, Func<string, CanException> invalid)
    {
        switch (kind)
        {
            case MountKind.Tmpfs when source.Length > 0 && source != "tmpfs":
                throw invalid("no source with type tmpfs");
            case MountKind.Tmpfs:
                return "";
            case MountKind.Volume when source.Length > 0 && !IsVolumeName(source):
                throw invalid("a volume name of a-z, A-Z, 0-9, '_', '.' and '-' that begins with a letter or a digit, or an absolute path");
            case MountKind.Volume:
                return source;
            case MountKind.Bind when source.Length == 0:
                throw invalid("a source with type bind");
            default:
                RequireAbsolute(source);
                return source;
        }
    }

    /// <summary>Requires an absolute host path: the engine has no current directory of its own.</summary>
    /// <exception cref="CanException"><c>VolumeSourceRelative</c></exception>
    public static void RequireAbsolute(string source)
    {
        if (!source.StartsWith('/'))
        {
            throw new CanException(
                "VolumeSourceRelative", CanErrorCategory.InvalidArgument,
                $"The mount source '{source}' is a relative path. Give an absolute one, such as (Resolve-Path {source}).Path, or the name of a volume.", source);
        }
    }

    /// <summary>A propagation, or the default.</summary>
    public static string Propagation(string? text, Func<string, CanException> invalid) =>
        text is null ? DefaultPropagation
        : Propagations.Contains(text.ToLowerInvariant()) ? text.ToLowerInvariant()
        : throw invalid($"a propagation of {string.Join(", ", Propagations)}");

    /// <summary>Whether a text is a propagation.</summary>
    public static bool IsPropagation(string text) => Propagations.Contains(text);

    private static bool IsVolumeName(string name) =>
        char.IsAsciiLetterOrDigit(name[0]) && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-');
}
