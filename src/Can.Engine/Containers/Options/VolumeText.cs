namespace Can.Engine.Containers.Options;

/// <summary>The text form <c>[SOURCE:]TARGET[:OPTIONS]</c> of a bind mount or volume.</summary>
internal static class VolumeText
{
    private const string ErrorId = "VolumeInvalid";

    // SELinux labels, and Docker Desktop's consistency modes: without a meaning here, as for Docker on a host without them.
    private static readonly string[] Meaningless = ["z", "Z", "cached", "delegated", "consistent"];

    public static MountSpecification Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (source, target, options) = text.Split(':') switch
        {
            [var only] => ("", only, ""),
            // The source of an anonymous volume is left out, and so SOURCE:TARGET is told from TARGET:OPTIONS by the slash.
            [var first, var second] when first.StartsWith('/') && second.Length > 0 && !second.Contains('/') && AreOptions(second) => ("", first, second),
            [var first, var second] => (first, second, ""),
            [var first, var second, var third] => (first, second, third),
            _ => throw Invalid(text, "[SOURCE:]TARGET[:OPTIONS], such as /srv/data:/data:ro"),
        };
        if (source.Length == 0 && text.StartsWith(':'))
        {
            throw Invalid(text, "a source before the colon, or none");
        }

        var kind = source.Contains('/') || source is "." or ".." ? MountKind.Bind : MountKind.Volume;
        var mount = new MountSpecification
        {
            Kind = kind,
            Source = MountPaths.Source(kind, source, expected => Invalid(text, expected)),
            Target = MountPaths.Target(target),
        };
        return Split(options).Aggregate(mount, (current, option) => With(current, option, text));
    }

    private static string[] Split(string options) => options.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static bool AreOptions(string text) =>
        Split(text).All(option => option is "ro" or "rw" or "nocopy" || MountPaths.IsPropagation(option) || Meaningless.Contains(option));

    private static MountSpecification With(MountSpecification mount, string option, string text) => option switch
    {
        "ro" => mount with { ReadOnly = true },
        "rw" => mount with { ReadOnly = false },
        "nocopy" when mount.Kind == MountKind.Volume => mount with { NoCopy = true },
        _ when Meaningless.Contains(option) => mount,
        _ when mount.Kind == MountKind.Bind => mount with
        {
            Propagation = MountPaths.Propagation(option, _ => Invalid(text, "options of ro, rw, private, rprivate, slave and rslave")),
        },
        _ => throw Invalid(text, "options of ro, rw and nocopy"),
    };

    private static CanException Invalid(string text, string expected) => OptionError.Invalid(ErrorId, "volume", text, expected);
}
