using System.Text;
using Can.Engine.Starting;

namespace Can.Engine.Containers.Files;

/// <summary>
/// The places where the engine mounts something in a container. What it makes for that in the writable layer, empty files and
/// directories, is no change of the container's.
/// </summary>
internal sealed class MountPoints
{
    private readonly HashSet<string> targets = [];
    private readonly HashSet<string> ways = [];

    /// <param name="definition">The container.</param>
    /// <param name="resolve">Where a path in the container leads to, links resolved; null when it leads nowhere.</param>
    public MountPoints(ContainerDefinition definition, Func<string, byte[]?> resolve)
    {
        var paths = SystemMountSteps.Places
            .Concat(VolumeSteps.FilesInEtc)
            .Concat(definition.Mounts.Select(static mount => mount.Target))
            .Concat(definition.Devices.Select(static device => device.ContainerPath));
        foreach (var path in paths)
        {
            Add(Encoding.UTF8.GetBytes(path.Trim('/')));
            if (resolve(path) is { } place)
            {
                Add(place);
            }
        }
    }

    /// <summary>Whether something is mounted at exactly this place.</summary>
    /// <param name="path">Bytes of the path, without a slash at its ends.</param>
    public bool IsTarget(ReadOnlySpan<byte> path) => targets.Contains(Encoding.Latin1.GetString(path));

    /// <summary>Whether something is mounted below this directory.</summary>
    public bool IsOnTheWay(ReadOnlySpan<byte> path) => ways.Contains(Encoding.Latin1.GetString(path));

    // Latin-1 keeps any bytes apart.
    private void Add(ReadOnlySpan<byte> path)
    {
        var text = Encoding.Latin1.GetString(path);
        targets.Add(text);
        for (var slash = text.LastIndexOf('/'); slash > 0; slash = text.LastIndexOf('/', slash - 1))
        {
            ways.Add(text[..slash]);
        }
    }
}
