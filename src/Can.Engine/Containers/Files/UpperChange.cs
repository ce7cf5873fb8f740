using Can.Engine.Kernel;

namespace Can.Engine.Containers.Files;

/// <summary>A change in a writable layer, and where its file is; valid while it is being told.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Bytes of the path below the root, without slashes at its ends.</param>
/// <param name="Status">Of the file; for a deletion, of the one in the lower layers.</param>
/// <param name="Directory">Descriptor of the directory in the writable layer that it is in, or of itself (see <paramref name="Name"/>).</param>
/// <param name="Name">Its name there; <c>.</c> for a directory itself.</param>
internal readonly record struct UpperChange(ContainerChangeKind Kind, byte[] Path, Libc.statx_t Status, int Directory, byte[] Name)
{
    /// <summary>A directory in place of another one, of whose content nothing shows.</summary>
    public bool IsOpaque { get; init; }

    /// <summary>A deletion that has no mark of its own: the directory it was in is opaque.</summary>
    public bool IsImplied { get; init; }
}
