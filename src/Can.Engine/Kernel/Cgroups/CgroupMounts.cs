using System.Text;

namespace Can.Engine.Kernel.Cgroups;

/// <summary>Finds the cgroup hierarchies in a mountinfo text.</summary>
/// <remarks>proc_pid_mountinfo(5): ID PARENT MAJ:MIN ROOT MOUNTPOINT OPTIONS [TAG...] - TYPE SOURCE SUPEROPTIONS</remarks>
internal static class CgroupMounts
{
    /// <summary>The hierarchies, v2 first. Of several mounts of one hierarchy the one that shows most of it counts; read-only ones cannot be used.</summary>
    /// <param name="mountInfo">Text of /proc/self/mountinfo.</param>
    /// <param name="unifiedControllers">Tells which controllers can be used below a v2 mount point.</param>
    public static IReadOnlyList<CgroupHierarchy> Parse(string mountInfo, Func<string, CgroupControllers> unifiedControllers)
    {
        var found = new List<Mount>();
        foreach (var line in KernelFile.Lines(mountInfo))
        {
            if (line.Contains(" - cgroup", StringComparison.Ordinal) && ParseLine(line, unifiedControllers) is { } mount)
            {
                Add(found, mount);
            }
        }

        return found.ConvertAll(mount => mount.Hierarchy);
    }

    private static void Add(List<Mount> found, Mount mount)
    {
        var same = found.FindIndex(other => other.Hierarchy.IsUnified == mount.Hierarchy.IsUnified
            && (mount.Hierarchy.IsUnified || other.Hierarchy.Has(mount.Hierarchy.Controllers)));
        if (same < 0)
        {
            found.Insert(mount.Hierarchy.IsUnified ? 0 : found.Count, mount);
        }
        else if (mount.WholeTree && !found[same].WholeTree)
        {
            found[same] = mount;
        }
    }

    private static Mount? ParseLine(string line, Func<string, CgroupControllers> unifiedControllers)
    {
        var separator = line.IndexOf(" - ", StringComparison.Ordinal);
        var mount = line[..separator].Split(' ');
        var fileSystem = line[(separator + 3)..].Split(' ');
        if (mount.Length < 6 || fileSystem.Length < 3 || IsReadOnly(mount[5]) || IsReadOnly(fileSystem[2]))
        {
            return null;
        }

        var (root, mountPoint) = (mount[3], Unescape(mount[4]).TrimEnd('/'));
        if (fileSystem[0] == "cgroup2")
        {
            return new(new(mountPoint, true, unifiedControllers(mountPoint)), root == "/");
        }

        var controllers = CgroupHierarchy.ParseControllers(fileSystem[2], ',');
        return fileSystem[0] == "cgroup" && controllers != 0 ? new(new(mountPoint, false, controllers), root == "/") : null;
    }

    private sealed record Mount(CgroupHierarchy Hierarchy, bool WholeTree);

    private static bool IsReadOnly(string options) => options == "ro" || options.StartsWith("ro,", StringComparison.Ordinal);

    /// <summary>Undoes the octal escapes of white space and backslashes.</summary>
    private static string Unescape(string path)
    {
        if (!path.Contains('\\', StringComparison.Ordinal))
        {
            return path;
        }

        var text = new StringBuilder(path.Length);
        for (var index = 0; index < path.Length; index++)
        {
            if (path[index] == '\\' && index + 3 < path.Length)
            {
                text.Append((char)Convert.ToInt32(path.Substring(index + 1, 3), 8));
                index += 3;
            }
            else
            {
                text.Append(path[index]);
            }
        }

        return text.ToString();
    }
}
