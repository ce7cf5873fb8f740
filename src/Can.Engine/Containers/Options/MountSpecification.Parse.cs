using System.Collections;
using Can.Engine.Containers.Options;

namespace Can.Engine.Containers;

public sealed partial record MountSpecification
{
    private const string MountError = "MountInvalid";

    /// <summary>Parses either form: that of <see cref="ParseMount"/> if the text begins with NAME=, else that of <see cref="ParseVolume"/>.</summary>
    /// <exception cref="CanException">As the two.</exception>
    public static MountSpecification Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var equals = text.IndexOf('=');
        return equals > 0 && text.AsSpan(0, equals).IndexOfAny('/', ':') < 0 ? ParseMount(text) : ParseVolume(text);
    }

    /// <summary>Parses <c>[SOURCE:]TARGET[:OPTIONS]</c>: an absolute host path, or a volume's name, or neither for an anonymous volume.</summary>
    /// <remarks>Docker's <c>--volume</c>: https://docs.docker.com/reference/cli/docker/container/run/#volume</remarks>
    /// <exception cref="CanException"><c>VolumeInvalid</c>, <c>VolumeSourceRelative</c>, <c>MountTargetInvalid</c></exception>
    public static MountSpecification ParseVolume(string text) => VolumeText.Parse(text);

    /// <summary>Parses <c>type=bind|volume|tmpfs,source=…,target=…[,readonly][,…]</c>.</summary>
    /// <remarks>Docker's <c>--mount</c>: https://docs.docker.com/reference/cli/docker/container/run/#mount</remarks>
    /// <exception cref="CanException"><c>MountInvalid</c>, <c>VolumeSourceRelative</c>, <c>MountTargetInvalid</c>, <c>SizeInvalid</c></exception>
    public static MountSpecification ParseMount(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var values = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var field in text.Split(','))
        {
            var equals = field.IndexOf('=');
            var name = equals < 0 ? field : field[..equals];
            if (values.ContainsKey(name))
            {
                throw OptionError.Invalid(MountError, "mount", text, $"'{name}' only once");
            }

            values.Add(name, equals < 0 ? "" : field[(equals + 1)..]);
        }

        return FromOptions(new OptionDictionary(MountError, "mount", values, text));
    }

    /// <summary>Parses <c>TARGET[:OPTIONS]</c> of a tmpfs, such as <c>/run:rw,exec,size=64m,mode=755</c>.</summary>
    /// <remarks>Docker's <c>--tmpfs</c>: noexec, nosuid and nodev hold unless the options say otherwise.</remarks>
    /// <exception cref="CanException"><c>MountInvalid</c>, <c>MountTargetInvalid</c>, <c>SizeInvalid</c></exception>
    public static MountSpecification ParseTmpfs(string text) => TmpfsOptions.Parse(text);

    /// <summary>
    /// Takes a hashtable with Type (bind, volume or tmpfs; found out from Source when it is left out), Source, Target, ReadOnly,
    /// Recursive, Propagation, NoCopy, TmpfsSize, TmpfsMode and TmpfsFlags.
    /// </summary>
    /// <exception cref="CanException"><c>MountInvalid</c>, <c>VolumeSourceRelative</c>, <c>MountTargetInvalid</c>, <c>SizeInvalid</c></exception>
    public static MountSpecification FromDictionary(IDictionary dictionary)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        return FromOptions(new OptionDictionary(MountError, "mount", dictionary));
    }

    private static MountSpecification FromOptions(OptionDictionary options)
    {
        var source = options.Text("Source", "Src") ?? "";
        var target = MountPaths.Target(options.Required("Target", "Destination", "Dst"));
        var kind = KindOf(options.Text("Type", "Kind"), source, options);
        var mount = new MountSpecification
        {
            Kind = kind,
            Source = MountPaths.Source(kind, source, options.Invalid),
            Target = target,
            ReadOnly = options.Flag("ReadOnly", "RO") ?? false,
            Recursive = RecursiveOf(options),
            Propagation = MountPaths.Propagation(options.Text("Propagation", "BindPropagation"), options.Invalid),
            NoCopy = options.Flag("NoCopy", "VolumeNoCopy") ?? false,
            TmpfsSizeBytes = options.Text("TmpfsSize", "Size", "TmpfsSizeBytes") is { } size ? ByteSize.Parse(size) : null,
            TmpfsMode = options.Text("TmpfsMode", "Mode") is { } mode ? TmpfsOptions.ParseMode(mode, options.Invalid) : null,
            TmpfsFlags = [.. options.Texts("TmpfsFlags").Select(flag => TmpfsOptions.RequireKnown(flag, options.Invalid))],
        };
        options.RequireNothingLeft();
        mount.RequireOwnOptions(options);
        return mount;
    }

    private static bool RecursiveOf(OptionDictionary options) =>
        options.Flag("Recursive") ?? !(options.Flag("BindNonRecursive") ?? false);

    private static MountKind KindOf(string? type, string source, OptionDictionary options) => type?.ToUpperInvariant() switch
    {
        "BIND" => MountKind.Bind,
        "VOLUME" => MountKind.Volume,
        "TMPFS" => MountKind.Tmpfs,
        null => source.Contains('/') ? MountKind.Bind : MountKind.Volume,
        _ => throw options.Invalid("type bind, volume or tmpfs"),
    };

    private void RequireOwnOptions(OptionDictionary options)
    {
        if (Kind != MountKind.Tmpfs && (TmpfsSizeBytes is not null || TmpfsMode is not null || TmpfsFlags.Count > 0))
        {
            throw options.Invalid("tmpfs options only with type tmpfs");
        }

        if (Kind != MountKind.Volume && NoCopy)
        {
            throw options.Invalid("nocopy only with type volume");
        }

        if (Kind != MountKind.Bind && (Propagation != MountPaths.DefaultPropagation || !Recursive))
        {
            throw options.Invalid("propagation and recursion only with type bind");
        }
    }
}
