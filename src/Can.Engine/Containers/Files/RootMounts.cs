using Can.Engine.Kernel;
using Can.Engine.Kernel.Mounts;
using Can.Engine.Starting;
using Can.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Containers.Files;

/// <summary>Mounts the files of a container that does not run, for the host's eyes only.</summary>
internal sealed class RootMounts(CanRoot root, ContainerDefinition definition)
{
    private string Upper => $"{root.ContainerState(definition.Id)}/upper";

    private string Place => $"{root.Run}/root";

    private IReadOnlyList<string> Layers => [.. RootSteps.LayersOf(root, definition)];

    /// <summary>The layers below the writable one, as an overlay shows them; null if there are none.</summary>
    public SafeFileHandle? OpenLower() => Layers switch
    {
        [] => null,
        [var only] => OpenDirectory(only),
        var several => DetachedTree.Overlay(new(several, null, null, RootSteps.OverlayOptions), Place, []),
    };

    /// <summary>The writable layer alone.</summary>
    public SafeFileHandle OpenUpper() => OpenDirectory(Upper);

    /// <summary>All layers, to be read: the writable one as the topmost of the lower ones.</summary>
    public SafeFileHandle OpenMerged() => Layers.Count == 0 ? OpenUpper() : DetachedTree.Overlay(Merged(writable: false), Place, []);

    /// <summary>The root as the container's processes would see it, with the content of volumes and bind mounts.</summary>
    /// <param name="writable">Files are to be changed; a read-only container's own cannot be all the same.</param>
    public SafeFileHandle OpenSeen(bool writable)
    {
        writable &= !definition.ReadOnly;
        var mounts = definition.Mounts.Where(static mount => mount.Kind != MountKind.Tmpfs)
            .Select(mount => new TreeMount(SourceOf(mount), mount.Target, mount.ReadOnly, mount is { Kind: MountKind.Bind, Recursive: true }))
            .OrderBy(static mount => mount.Target.AsSpan().TrimEnd('/').Count('/'))
            .Concat(FilesInEtc())
            .ToList();
        return Layers.Count == 0 ? DetachedTree.Directory(Upper, !writable, mounts) : DetachedTree.Overlay(Merged(writable), Place, mounts);
    }

    private OverlayMount Merged(bool writable) => writable
        ? new(Layers, Upper, $"{root.ContainerState(definition.Id)}/work", RootSteps.OverlayOptions)
        : new([Upper, .. Layers], null, null, RootSteps.OverlayOptions);

    private string SourceOf(MountSpecification mount) => mount.Kind == MountKind.Volume ? $"{root.State}/volumes/{mount.Source}/data" : mount.Source;

    /// <summary>The files of its latest run, as long as the machine has not been started anew.</summary>
    private IEnumerable<TreeMount> FilesInEtc() => VolumeSteps.FilesInEtc
        .Where(file => !definition.Mounts.Any(mount => mount.Target.TrimEnd('/') is var target && (target == file || target == "/etc")))
        .Select(file => new TreeMount(root.ContainerRun(definition.Id) + file, file, definition.ReadOnly, Recursive: false))
        .Where(static mount => File.Exists(mount.Source));

    private static SafeFileHandle OpenDirectory(string path)
    {
        var descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        return descriptor >= 0 ? new(descriptor, true) : throw StorageError.Last("open", path);
    }
}
