using System.Collections;
using Can.Engine.Containers.Options;

namespace Can.Engine.Containers;

/// <summary>A device of the host in the container.</summary>
/// <param name="HostPath">The device's path on the host.</param>
/// <param name="ContainerPath">Its path in the container.</param>
/// <param name="Permissions">Some of <c>r</c>, <c>w</c> and <c>m</c>.</param>
public sealed partial record DeviceMapping(string HostPath, string ContainerPath, string Permissions)
{
    private const string ErrorId = "DeviceInvalid";
    private const string What = "device";
    private const string AllPermissions = "rwm";

    /// <summary>Parses <c>/dev/HOST[:/dev/CONTAINER][:PERMISSIONS]</c>.</summary>
    /// <exception cref="CanException"><c>DeviceInvalid</c></exception>
    public static DeviceMapping Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Func<string, CanException> invalid = expected => OptionError.Invalid(ErrorId, What, text, expected);
        return text.Split(':') switch
        {
            [var host] => Make(host, host, AllPermissions, invalid),
            [var host, var permissions] when !permissions.StartsWith('/') => Make(host, host, permissions, invalid),
            [var host, var container] => Make(host, container, AllPermissions, invalid),
            [var host, var container, var permissions] => Make(host, container, permissions, invalid),
            _ => throw invalid("/dev/HOST[:/dev/CONTAINER][:rwm]"),
        };
    }

    /// <summary>Takes a hashtable with HostPath (or Path), ContainerPath and Permissions.</summary>
    /// <exception cref="CanException"><c>DeviceInvalid</c></exception>
    public static DeviceMapping FromDictionary(IDictionary dictionary)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        var options = new OptionDictionary(ErrorId, What, dictionary);
        var host = options.Required("HostPath", "Path");
        var device = Make(host, options.Text("ContainerPath") ?? host, options.Text("Permissions") ?? AllPermissions, options.Invalid);
        options.RequireNothingLeft();
        return device;
    }

    /// <summary>The text form.</summary>
    public override string ToString() => $"{HostPath}:{ContainerPath}:{Permissions}";

    private static DeviceMapping Make(string host, string container, string permissions, Func<string, CanException> invalid)
    {
        if (!host.StartsWith('/') || !container.StartsWith('/'))
        {
            throw invalid("absolute paths, such as /dev/fuse");
        }

        var lower = permissions.ToLowerInvariant();
        return lower.Length > 0 && lower.All(AllPermissions.Contains) && lower.Distinct().Count() == lower.Length
            ? new(host, container, lower)
            : throw invalid("permissions of r, w and m");
    }
}
