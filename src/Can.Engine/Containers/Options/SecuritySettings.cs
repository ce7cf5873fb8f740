namespace Can.Engine.Containers.Options;

/// <summary>What the texts of <see cref="ContainerOptions.SecurityOptions"/> say.</summary>
public sealed record SecuritySettings
{
    /// <summary>Whether programs can never gain rights by execve(2); null leaves it to the default (they cannot, unless privileged).</summary>
    public bool? NoNewPrivileges { get; init; }

    /// <summary>No seccomp filter.</summary>
    public bool SeccompUnconfined { get; init; }

    /// <summary>Nothing of /proc and /sys is hidden or protected.</summary>
    public bool SystemPathsUnconfined { get; init; }

    /// <summary>Parses options such as <c>no-new-privileges=false</c> and <c>seccomp=unconfined</c>; a colon may stand for the equals sign.</summary>
    /// <exception cref="CanException"><c>SecurityOptionInvalid</c></exception>
    public static SecuritySettings Parse(IReadOnlyList<string> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = new SecuritySettings();
        foreach (var option in options)
        {
            settings = option.Replace(':', '=').ToLowerInvariant() switch
            {
                "no-new-privileges" or "no-new-privileges=true" => settings with { NoNewPrivileges = true },
                "no-new-privileges=false" => settings with { NoNewPrivileges = false },
                "seccomp=unconfined" => settings with { SeccompUnconfined = true },
                "seccomp=default" or "seccomp=builtin" => settings with { SeccompUnconfined = false },
                "systempaths=unconfined" => settings with { SystemPathsUnconfined = true },
                _ => throw OptionError.Invalid(
                    "SecurityOptionInvalid", "security option", option,
                    "no-new-privileges[=true|false], seccomp=unconfined|default or systempaths=unconfined"),
            };
        }

        return settings;
    }
}
