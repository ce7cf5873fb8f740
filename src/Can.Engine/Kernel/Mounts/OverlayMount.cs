namespace Can.Engine.Kernel.Mounts;

/// <summary>An overlay to be mounted.</summary>
/// <param name="Lower">Directories, topmost first; at least two if there is no upper one.</param>
/// <param name="Upper">Where changes go; null for one that is only read.</param>
/// <param name="Work">The upper directory's work directory.</param>
/// <param name="Options">Further options, separated by commas.</param>
internal sealed record OverlayMount(IReadOnlyList<string> Lower, string? Upper, string? Work, string Options);

/// <summary>A file or directory of the host's to be mounted in a tree.</summary>
/// <param name="Source">Absolute path on the host.</param>
/// <param name="Target">Absolute path in the tree.</param>
/// <param name="ReadOnly">Writing is refused.</param>
/// <param name="Recursive">Mounts below the source come along.</param>
internal sealed record TreeMount(string Source, string Target, bool ReadOnly, bool Recursive);
