using Can.Engine.Containers.Options;

namespace Can.Engine.Networks;

/// <summary>Names of networks, and of containers on them.</summary>
public static class NetworkName
{
    /// <summary>The network that containers are on unless told otherwise; made on first use.</summary>
    public const string Default = "can0";

    private const int LongestName = 64;
    private const int LongestHostName = 253;

    private static readonly string[] Reserved = [NetworkMode.None, NetworkMode.Host, "container", "bridge", "default"];

    /// <summary>Requires a name that is a file name and means nothing else.</summary>
    /// <exception cref="CanException"><c>NetworkNameInvalid</c></exception>
    public static void Validate(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsValid(name) || Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw OptionError.Invalid(
                "NetworkNameInvalid", "network name", name,
                $"one to {LongestName} of the characters a-z, A-Z, 0-9, '_', '.' and '-', the first one a letter or a digit, and none of {string.Join(", ", Reserved)}");
        }
    }

    /// <summary>Whether a network could have this name.</summary>
    internal static bool IsValid(string name) => name.Length is > 0 and <= LongestName && IsHostName(name);

    /// <summary>Whether it can stand in a line of /etc/hosts.</summary>
    internal static bool IsHostName(string name) =>
        name.Length is > 0 and <= LongestHostName && char.IsAsciiLetterOrDigit(name[0])
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_');

    /// <summary>Requires an alias that can stand in a line of /etc/hosts.</summary>
    /// <exception cref="CanException"><c>NetworkAliasInvalid</c></exception>
    internal static string ValidateAlias(string alias) => IsHostName(alias)
        ? alias
        : throw OptionError.Invalid("NetworkAliasInvalid", "network alias", alias, "letters, digits, '-', '.' and '_', the first one a letter or a digit");
}
