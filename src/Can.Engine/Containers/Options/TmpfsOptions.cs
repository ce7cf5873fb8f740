using System.Globalization;

namespace Can.Engine.Containers.Options;

/// <summary>The text form <c>TARGET[:OPTIONS]</c> of a tmpfs.</summary>
internal static class TmpfsOptions
{
    private const string Expected = "TARGET[:OPTIONS] with options of ro, rw, exec, noexec, suid, nosuid, nodev, noatime, size=, mode=, uid=, gid= and nr_inodes=";

    private static readonly string[] Flags = ["ro", "rw", "exec", "noexec", "suid", "nosuid", "nodev", "noatime"];
    private static readonly string[] Numbers = ["uid=", "gid=", "nr_inodes="];

    public static MountSpecification Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':');
        Func<string, CanException> invalid = expected => OptionError.Invalid("MountInvalid", "tmpfs", text, expected);
        var mount = new MountSpecification { Kind = MountKind.Tmpfs, Target = MountPaths.Target(colon < 0 ? text : text[..colon]) };
        var flags = new List<string>();
        foreach (var option in colon < 0 ? [] : text[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (option.StartsWith("size=", StringComparison.Ordinal))
            {
                mount = mount with { TmpfsSizeBytes = ByteSize.Parse(option[5..]) };
            }
            else if (option.StartsWith("mode=", StringComparison.Ordinal))
            {
                mount = mount with { TmpfsMode = ParseMode(option[5..], invalid) };
            }
            else
            {
                flags.Add(RequireKnown(option, invalid));
            }
        }

        return mount with { TmpfsFlags = flags, ReadOnly = flags.LastOrDefault(flag => flag is "ro" or "rw") == "ro" };
    }

    /// <summary>A mode in octal digits, as chmod(1) takes it.</summary>
    public static int ParseMode(string text, Func<string, CanException> invalid) =>
        text.Length is > 0 and <= 5 && text.All(digit => digit is >= '0' and <= '7') && Convert.ToInt32(text, 8) is var mode and <= 0xFFF
            ? mode
            : throw invalid("a mode in octal digits, such as 1777");

    /// <summary>Lets nothing through to the kernel that is not understood here.</summary>
    public static string RequireKnown(string option, Func<string, CanException> invalid)
    {
        var equals = option.IndexOf('=') + 1;
        var known = equals == 0
            ? Flags.Contains(option)
            : Numbers.Contains(option[..equals]) && uint.TryParse(option.AsSpan(equals), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return known ? option : throw invalid(Expected);
    }
}
