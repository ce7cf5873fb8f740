using Can.Engine.Archives;
using Can.Engine.Containers.Files;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Kernel.Mounts;
using Can.Engine.Kernel.Processes;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>
    /// Tells in which paths a container differs from its image, running or not, in the order of the bytes of the paths' names. What
    /// the engine made for mounts is no difference; the content of volumes is not looked at.
    /// </summary>
    /// <param name="id">The container.</param>
    /// <param name="found">Called on the calling thread for every change.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="CanException"><c>ContainerNotFound</c></exception>
    public void Compare(string id, Action<ContainerChange> found, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(found);
        using var held = LockUnlessRunning(id, out var definition, cancellation);
        WalkChanges(definition, static _ => { }, change => found(Describe(definition, change)), cancellation);
    }

    /// <summary>
    /// Writes a container's root as a tar archive, running or not: all layers as one, without the content of volumes and other
    /// mounts. The same files make the same bytes.
    /// </summary>
    /// <param name="id">The container.</param>
    /// <param name="output">Where the archive goes; it is left open.</param>
    /// <param name="progress">Told, on the calling thread, the bytes of files written so far; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CanException"><c>ContainerNotFound</c></exception>
    public void Export(string id, Stream output, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var view = OpenRoot(id, RootAccess.OwnFiles, out var definition, cancellation);
        RootExport.Write(view, definition.Name, output, progress, cancellation);
    }

    /// <summary>The same into a file, which appears under its name only once it is whole.</summary>
    /// <param name="id">The container.</param>
    /// <param name="path">Absolute path of the file.</param>
    /// <param name="replace">Take the place of a file that is there.</param>
    /// <param name="progress">Told, on the calling thread, the bytes of files written so far; may be null.</param>
    /// <param name="cancellation">Stops it and leaves nothing.</param>
    /// <exception cref="CanException"><c>ContainerNotFound</c>, <c>FileExists</c>, <c>PathNotFound</c>, <c>DiskFull</c>, <c>AccessDenied</c></exception>
    public void Export(string id, string path, bool replace, IProgress<long>? progress, CancellationToken cancellation) =>
        NewFile.Write(path, replace, stream => Export(id, stream, progress, cancellation));

    /// <summary>Walks through the writable layer; <paramref name="begin"/> gets its descriptor first.</summary>
    private void WalkChanges(ContainerDefinition definition, Action<int> begin, Action<UpperChange> tell, CancellationToken cancellation)
    {
        var mounts = new RootMounts(root, definition);
        using var upper = mounts.OpenUpper();
        using var lower = mounts.OpenLower();
        var (above, below) = ((int)upper.DangerousGetHandle(), lower is null ? -1 : (int)lower.DangerousGetHandle());
        var points = new MountPoints(definition, path => RootPaths.Locate(below < 0 ? above : below, path));
        begin(above);
        new ChangeWalker(points, tell, cancellation).Walk(above, below);
    }

    private static ContainerChange Describe(ContainerDefinition definition, UpperChange change)
    {
        var type = (change.Status.mode & Libc.S_IFMT) switch
        {
            Libc.S_IFDIR => ContainerFileType.Directory,
            Libc.S_IFLNK => ContainerFileType.SymbolicLink,
            Libc.S_IFCHR => ContainerFileType.CharacterDevice,
            Libc.S_IFBLK => ContainerFileType.BlockDevice,
            Libc.S_IFIFO => ContainerFileType.Fifo,
            Libc.S_IFSOCK => ContainerFileType.Socket,
            _ => ContainerFileType.File,
        };
        return new()
        {
            Container = definition.Name,
            Kind = change.Kind,
            Path = "/" + FileReading.Text(change.Path),
            Type = type,
            Size = type == ContainerFileType.File ? (long)change.Status.size : null,
        };
    }

    /// <summary>The operation lock of a container that does not run; null for one that does, which nobody has to wait for then.</summary>
    private OperationLock? LockUnlessRunning(string id, out ContainerDefinition definition, CancellationToken cancellation)
    {
        var held = Lock(id, out definition, cancellation);
        if (statuses.Read(id, out _).State is ContainerState.Created or ContainerState.Exited)
        {
            return held;
        }

        held.Dispose();
        return null;
    }

    /// <summary>A container's root, from its namespace while it runs, else mounted for the purpose.</summary>
    private RootView OpenRoot(string id, RootAccess access, out ContainerDefinition definition, CancellationToken cancellation)
    {
        var held = Lock(id, out definition, cancellation);
        try
        {
            var status = statuses.Read(id, out _);
            if (TryOpenLive(status, access) is { } live)
            {
                held.Dispose();
                return new RootView(live, held: null);
            }

            if (access == RootAccess.Write && statuses.Read(id, out _).State == ContainerState.Restarting)
            {
                throw new CanException(
                    "ContainerRestarting", CanErrorCategory.InvalidOperation,
                    $"The container '{definition.Name}' is just being restarted. Try again, or stop it: Stop-CanContainer {definition.Name}.", definition.Name);
            }

            var mounts = new RootMounts(root, definition);
            return new RootView(access == RootAccess.OwnFiles ? mounts.OpenMerged() : mounts.OpenSeen(access == RootAccess.Write), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Null when there is no process, or has just been one.</summary>
    private static SafeFileHandle? TryOpenLive(ContainerStatus status, RootAccess access)
    {
        using var process = status.ProcessId is { } id ? PidFd.TryOpen(id, status.ProcessStartTime) : null;
        return process is null ? null : access == RootAccess.OwnFiles ? ProcessRoot.TryClone(process) : ProcessRoot.TryOpen(process);
    }
}
