using Can.Engine.Containers.Files;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>
    /// Copies files of the host into a container, running or not, as docker cp does. A path in a volume means the volume's content.
    /// </summary>
    /// <param name="id">The container.</param>
    /// <param name="sources">Absolute paths on the host; one that ends with <c>/.</c> means what is in the directory.</param>
    /// <param name="destination">Absolute path in the container.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told, on some thread, the bytes copied so far; may be null.</param>
    /// <param name="cancellation">Stops it; what has been copied stays.</param>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>ContainerRestarting</c>, <c>PathNotFound</c>,
    /// <c>SourceNotDirectory</c>, <c>DestinationNotDirectory</c>, <c>DestinationReadOnly</c>, <c>FileTypeNotCopied</c>, <c>DiskFull</c></exception>
    public void CopyTo(string id, IReadOnlyList<string> sources, string destination, CopyOptions options, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sources);
        using var view = OpenRoot(id, RootAccess.Write, out var definition, cancellation);
        Copy(new CopySide(null, ""), new CopySide(view, definition.Name), sources, destination, options, progress, cancellation);
    }

    /// <summary>
    /// Copies files of a container, running or not, to the host, as docker cp does. A path in a volume means the volume's content.
    /// </summary>
    /// <param name="id">The container.</param>
    /// <param name="sources">Absolute paths in the container; one that ends with <c>/.</c> means what is in the directory.</param>
    /// <param name="destination">Absolute path on the host.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told, on some thread, the bytes copied so far; may be null.</param>
    /// <param name="cancellation">Stops it; what has been copied stays.</param>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>PathNotFound</c>, <c>SourceNotDirectory</c>,
    /// <c>DestinationNotDirectory</c>, <c>DestinationReadOnly</c>, <c>FileTypeNotCopied</c>, <c>DiskFull</c></exception>
    public void CopyFrom(string id, IReadOnlyList<string> sources, string destination, CopyOptions options, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sources);
        using var view = OpenRoot(id, RootAccess.Read, out var definition, cancellation);
        Copy(new CopySide(view, definition.Name), new CopySide(null, ""), sources, destination, options, progress, cancellation);
    }

    /// <summary>
    /// Unpacks a tar archive, plain or compressed, in a directory of a container, running or not. Files get the owners, modes and
    /// attributes that the archive has for them.
    /// </summary>
    /// <param name="id">The container.</param>
    /// <param name="archive">The archive; read to its end.</param>
    /// <param name="destination">Absolute path of the directory in the container.</param>
    /// <param name="options">How; of them <see cref="CopyOptions.Force"/> counts.</param>
    /// <param name="progress">Told, on some thread, the bytes of the archive read so far; may be null.</param>
    /// <param name="cancellation">Stops it; what has been unpacked stays.</param>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>ContainerRestarting</c>, <c>PathNotFound</c>, <c>ArchiveInvalid</c>,
    /// <c>DestinationNotDirectory</c>, <c>DestinationReadOnly</c>, <c>DiskFull</c></exception>
    public void CopyTo(string id, Stream archive, string destination, CopyOptions options, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(options);
        using var view = OpenRoot(id, RootAccess.Write, out var definition, cancellation);
        ArchiveCopy.Unpack(archive, new CopySide(view, definition.Name), destination, options, progress, cancellation);
    }

    /// <summary>Writes a file or directory of a container, running or not, as a tar archive with owners, modes and attributes as they are.</summary>
    /// <param name="id">The container.</param>
    /// <param name="source">Absolute path in the container; one that ends with <c>/.</c> means what is in the directory.</param>
    /// <param name="output">Gets the archive.</param>
    /// <param name="options">How; of them <see cref="CopyOptions.FollowLinks"/> counts.</param>
    /// <param name="progress">Told, on some thread, the bytes of files written so far; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>PathNotFound</c>, <c>SourceNotDirectory</c>, <c>FileTypeNotCopied</c></exception>
    public void CopyFrom(string id, string source, Stream output, CopyOptions options, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(options);
        using var view = OpenRoot(id, RootAccess.Read, out var definition, cancellation);
        ArchiveCopy.Write(new CopySide(view, definition.Name), source, options, output, progress, cancellation);
    }

    private static void Copy(
        CopySide from, CopySide to, IReadOnlyList<string> sources, string destination, CopyOptions options, IProgress<long>? progress, CancellationToken cancellation)
    {
        var copy = new FileCopy(from, to, options, progress, cancellation);
        foreach (var source in sources)
        {
            copy.Copy(source, destination, several: sources.Count > 1);
        }
    }
}
