namespace Can.Engine.Containers.Options;

/// <summary>Kernel settings that a container may have of its own, since a namespace of its own has them.</summary>
/// <remarks>The kernel's namespaces(7) and Documentation/admin-guide/sysctl; the same names as Docker and runc take.</remarks>
internal static class Sysctl
{
    private const string Expected =
        "NAME=VALUE with a name of net.*, fs.mqueue.*, kernel.domainname, kernel.msgmax, .msgmnb, .msgmni, .sem, .shmall, .shmmax, .shmmni or .shm_rmid_forced";

    private static readonly string[] OfIpcAndHostname =
    [
        "kernel.domainname", "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced",
    ];

    /// <summary>Checks settings.</summary>
    /// <param name="settings">What is asked for.</param>
    /// <param name="network">The definition's network mode.</param>
    /// <exception cref="CanException"><c>SysctlInvalid</c>, <c>NetworkOptionConflict</c></exception>
    public static IReadOnlyDictionary<string, string> Check(IReadOnlyDictionary<string, string> settings, string network)
    {
        foreach (var (name, value) in settings)
        {
            if (!IsOwn(name) || value.Length == 0 || value.Contains('\0', StringComparison.Ordinal))
            {
                throw OptionError.Invalid("SysctlInvalid", "kernel setting of a container", $"{name}={value}", Expected);
            }

            if (name.StartsWith("net.", StringComparison.Ordinal) && network is not (NetworkMode.Bridge or NetworkMode.None))
            {
                throw new CanException(
                    "NetworkOptionConflict", CanErrorCategory.InvalidArgument,
                    $"-Sysctl {name} cannot be had with -Network {network}: the container has no network of its own. Change or leave out one of the two.", name);
            }
        }

        return settings;
    }

    /// <summary>The setting's file; a slash in the name is a dot in the kernel's, as of the interface eth0.1.</summary>
    public static string PathOf(string name) => $"/proc/sys/{string.Create(name.Length, name, static (path, name) =>
    {
        for (var at = 0; at < path.Length; at++)
        {
            path[at] = name[at] switch { '.' => '/', '/' => '.', var other => other };
        }
    })}";

    // Two dots in a row would be an empty component; neither '.' nor '..' can be one, for '/' stands beside no other.
    private static bool IsOwn(string name) =>
        (OfIpcAndHostname.Contains(name) || name.StartsWith("net.", StringComparison.Ordinal) || name.StartsWith("fs.mqueue.", StringComparison.Ordinal))
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '/' or '_' or '-')
        && !name.EndsWith('.') && !name.Contains("..", StringComparison.Ordinal) && !name.Contains("./", StringComparison.Ordinal) && !name.Contains("/.", StringComparison.Ordinal)
        && !name.Contains("//", StringComparison.Ordinal) && !name.EndsWith('/');
}
