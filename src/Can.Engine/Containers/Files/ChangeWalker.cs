using Can.Engine.Archives;
using Can.Engine.Images.Importing;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;

namespace Can.Engine.Containers.Files;

/// <summary>
/// Walks through a container's writable layer and tells what it changes of the lower ones, in the order of the bytes of the names, a
/// directory before what is in it.
/// </summary>
/// <remarks>
/// What the kernel makes of the writable layer is read as its documentation says (overlayfs.rst): a whiteout is a character device
/// 0:0, or an empty file with <c>trusted.overlay.whiteout</c>; a directory with <c>trusted.overlay.opaque=y</c> hides what is below
/// it. A directory is in the layer also when only something in it has been changed; it is told with the first such change, or for its
/// own attributes, and not at all if nothing else is in it than the engine's mount points.
/// </remarks>
internal sealed unsafe class ChangeWalker
{
    private const int MaximumDepth = 2048;

    private readonly MountPoints mountPoints;
    private readonly Action<UpperChange> tell;
    private readonly CancellationToken cancellation;
    private readonly ExtendedAttributeReader reader = new();
    private readonly Stack<UpperChange> waiting = new();

    /// <param name="mountPoints">The engine's own places.</param>
    /// <param name="tell">Told each change.</param>
    /// <param name="cancellation">Stops it between two files.</param>
    public ChangeWalker(MountPoints mountPoints, Action<UpperChange> tell, CancellationToken cancellation) =>
        (this.mountPoints, this.tell, this.cancellation) = (mountPoints, tell, cancellation);

    private enum Outcome
    {
        Nothing,
        OwnOnly,
        Told,
    }

    /// <summary>Walks.</summary>
    /// <param name="upper">Descriptor of the writable layer, not read from yet.</param>
    /// <param name="lower">Descriptor of the lower layers as the overlay shows them; -1 if there are none.</param>
    public void Walk(int upper, int lower) => WalkDirectory(new Place(upper, lower, [], Hidden: false), 0);

    private Outcome WalkDirectory(Place place, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new CanException(
                "DirectoryTooDeep", CanErrorCategory.InvalidData,
                $"Directories in the container are nested more than {MaximumDepth} deep, which no path can name. Move or remove them.");
        }

        var outcome = Outcome.Nothing;
        foreach (var name in Names(place))
        {
            cancellation.ThrowIfCancellationRequested();
            var one = WalkEntry(place, name, depth);
            outcome = one > outcome ? one : outcome;
        }

        return outcome;
    }

    /// <summary>In a directory that hides the lower one, what was there and is not any more counts too.</summary>
    private static List<byte[]> Names(Place place)
    {
        var names = FileReading.SortedNames(place.Upper, "the writable layer");
        if (!place.Hidden || place.Lower < 0)
        {
            return names;
        }

        var lower = FileReading.TryOpenDirectory(place.Lower, "."u8);
        try
        {
            var all = new SortedSet<byte[]>(names, Comparer<byte[]>.Create(static (left, right) => left.AsSpan().SequenceCompareTo(right)));
            all.UnionWith(FileReading.SortedNames(lower, "the image"));
            return [.. all];
        }
        finally
        {
            _ = Libc.close(lower);
        }
    }

    private Outcome WalkEntry(Place place, byte[] name, int depth)
    {
        byte[] path = place.Path.Length == 0 ? name : [.. place.Path, (byte)'/', .. name];
        var isLower = place.TryLower(name, out var below);
        if (!FileReading.TryStatus(place.Upper, name, out var status))
        {
            return place.Hidden && isLower ? Tell(new(ContainerChangeKind.Deleted, path, below, place.Upper, name) { IsImplied = true }) : Outcome.Nothing;
        }

        if (IsWhiteout(place.Upper, name, status))
        {
            return isLower ? Tell(new(ContainerChangeKind.Deleted, path, below, place.Upper, name) { IsImplied = place.Hidden }) : Outcome.Nothing;
        }

        if ((status.mode & Libc.S_IFMT) == Libc.S_IFDIR)
        {
            return WalkSubdirectory(place, name, path, isLower ? below : null, depth);
        }

        var isOwn = !isLower && status is { size: 0 } && (status.mode & Libc.S_IFMT) == Libc.S_IFREG && mountPoints.IsTarget(path);
        return isOwn ? Outcome.OwnOnly : Tell(new(isLower ? ContainerChangeKind.Modified : ContainerChangeKind.Added, path, status, place.Upper, name));
    }

    private Outcome WalkSubdirectory(Place place, byte[] name, byte[] path, Libc.statx_t? below, int depth)
    {
        var upper = FileReading.TryOpenDirectory(place.Upper, name);
        if (upper < 0)
        {
            return Outcome.Nothing;
        }

        var lower = below is { } status && (status.mode & Libc.S_IFMT) == Libc.S_IFDIR ? FileReading.TryOpenDirectory(place.Lower, name) : -1;
        try
        {
            var opaque = !place.Hidden && lower >= 0 && HasAttribute(upper, "."u8, "trusted.overlay.opaque"u8, (byte)'y');
            var change = new UpperChange(below is null ? ContainerChangeKind.Added : ContainerChangeKind.Modified, path, FileReading.Status(upper), upper, "."u8.ToArray())
            {
                IsOpaque = opaque,
            };
            return Walk(change, new Place(upper, lower, path, place.Hidden || opaque), depth);
        }
        finally
        {
            _ = Libc.close(upper);
            if (lower >= 0)
            {
                _ = Libc.close(lower);
            }
        }
    }

    private Outcome Walk(UpperChange change, Place place, int depth)
    {
        // One of the engine's own counts once there is something in it; one that is merged, once something in it has changed.
        var merged = place.Lower >= 0 && !place.Hidden;
        var own = change.Kind == ContainerChangeKind.Added && (mountPoints.IsTarget(change.Path) || mountPoints.IsOnTheWay(change.Path));
        if (!merged && !own)
        {
            _ = Tell(change);
            _ = WalkDirectory(place, depth + 1);
            return Outcome.Told;
        }

        waiting.Push(change);
        var outcome = WalkDirectory(place, depth + 1);
        if (outcome == Outcome.Told)
        {
            return outcome;
        }

        _ = waiting.Pop();
        var counts = merged ? IsChanged(place, outcome) : outcome == Outcome.Nothing && !mountPoints.IsTarget(change.Path);
        return counts ? Tell(change) : own ? Outcome.OwnOnly : outcome;
    }

    /// <summary>Tells a change after the directories that it is in and that have waited for it.</summary>
    private Outcome Tell(UpperChange change)
    {
        if (waiting.Count > 0)
        {
            foreach (var directory in waiting.Reverse())
            {
                tell(directory);
            }

            waiting.Clear();
        }

        tell(change);
        return Outcome.Told;
    }

    /// <summary>Whether the directory itself differs from the one below. A mount point made in it changes its time.</summary>
    private bool IsChanged(Place place, Outcome inside)
    {
        var (now, before) = (FileReading.Status(place.Upper), FileReading.Status(place.Lower));
        var times = (now.mtime_seconds, now.mtime_nanoseconds) == (before.mtime_seconds, before.mtime_nanoseconds);
        return (now.mode, now.uid, now.gid) != (before.mode, before.uid, before.gid)
            || (!times && inside != Outcome.OwnOnly)
            || !Attributes(place.Upper).SequenceEqual(Attributes(place.Lower));
    }

    private List<string> Attributes(int directory) =>
        [.. Read(directory, "."u8).Where(static attribute => !OverlayAttributes.IsOwn(attribute.Name))
            .Select(static attribute => $"{Convert.ToHexString(attribute.Name)}={Convert.ToHexString(attribute.Value)}")];

    private bool IsWhiteout(int directory, byte[] name, in Libc.statx_t status) =>
        IsWhiteoutDevice(status)
        || (status.size == 0 && (status.mode & Libc.S_IFMT) == Libc.S_IFREG && HasAttribute(directory, name, "trusted.overlay.whiteout"u8, null));

    private static bool IsWhiteoutDevice(in Libc.statx_t status) =>
        (status.mode & Libc.S_IFMT) == Libc.S_IFCHR && status is { rdev_major: 0, rdev_minor: 0 };

    private bool HasAttribute(int directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> key, byte? value)
    {
        foreach (var attribute in Read(directory, name))
        {
            if (attribute.Name.AsSpan().SequenceEqual(key))
            {
                return value is null || attribute.Value is [var first] && first == value;
            }
        }

        return false;
    }

    private List<ExtendedAttribute> Read(int directory, ReadOnlySpan<byte> name)
    {
        var found = new List<ExtendedAttribute>();
        fixed (byte* bytes = (byte[])[.. name, 0])
        {
            reader.Read(directory, bytes, found);
        }

        return found;
    }

    /// <summary>A directory of the writable layer and the one below it.</summary>
    /// <param name="Upper">Descriptor in the writable layer.</param>
    /// <param name="Lower">Descriptor in the lower layers; -1 without one.</param>
    /// <param name="Path">Path below the root.</param>
    /// <param name="Hidden">Nothing of the lower one shows.</param>
    private readonly record struct Place(int Upper, int Lower, byte[] Path, bool Hidden)
    {
        public bool TryLower(byte[] name, out Libc.statx_t status)
        {
            status = default;
            return Lower >= 0 && FileReading.TryStatus(Lower, name, out status) && !IsWhiteoutDevice(status);
        }
    }
}
