using System.Globalization;
using Can.Engine.Containers;

namespace Can.Engine.Starting;

/// <summary>A tmpfs's flags as mount attributes and file system options.</summary>
internal static class TmpfsText
{
    /// <summary>Attributes: nosuid, nodev and noexec unless a flag says otherwise (nodev always holds unless the container is privileged).</summary>
    public static MountAttributes Attributes(MountSpecification mount, MountAttributes noDev)
    {
        var attributes = MountAttributes.NoSuid | MountAttributes.NoExec | noDev;
        foreach (var flag in mount.TmpfsFlags)
        {
            attributes = flag switch
            {
                "exec" => attributes & ~MountAttributes.NoExec,
                "noexec" => attributes | MountAttributes.NoExec,
                "suid" => attributes & ~MountAttributes.NoSuid,
                "nosuid" => attributes | MountAttributes.NoSuid,
                "nodev" => attributes | MountAttributes.NoDev,
                "ro" => attributes | MountAttributes.ReadOnly,
                "rw" => attributes & ~MountAttributes.ReadOnly,
                "noatime" => attributes | MountAttributes.NoAccessTime,
                _ => attributes,
            };
        }

        return attributes;
    }

    /// <summary>Options such as <c>mode=1777,size=1048576</c>.</summary>
    public static string Options(MountSpecification mount)
    {
        var mode = Convert.ToString(mount.TmpfsMode ?? 0x3FF, 8); // 01777
        var size = mount.TmpfsSizeBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $",size={bytes}") : "";
        var further = string.Concat(mount.TmpfsFlags.Where(flag => flag.Contains('=')).Select(flag => "," + flag));
        return $"mode={mode}{size}{further}";
    }
}
