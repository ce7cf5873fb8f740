using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Locks;

/// <summary>
/// The lock under which one object is changed: flock(2) on a directory of its own, held briefly. Whoever dies holding it gives it
/// back by dying.
/// </summary>
internal sealed class OperationLock : IDisposable
{
    private readonly SafeFileHandle directory;

    private OperationLock(SafeFileHandle directory) => this.directory = directory;

    /// <summary>Takes the lock, and waits for it.</summary>
    /// <param name="path">The directory; it is made if it is not there.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal static OperationLock Take(string path, CancellationToken cancellation) => FileLock.Wait(
        () =>
        {
            Storage.Directories.Ensure(path, Storage.Directories.Private);
            return TryTake(path);
        },
        cancellation);

    /// <summary>Takes the lock if it is free and the directory is there.</summary>
    internal static OperationLock? TryTake(string path)
    {
        var handle = new SafeFileHandle(Libc.open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0), true);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            return null;
        }

        // A directory that was removed (and perhaps made anew) while this one was opened is not the object any more.
        if (FileLock.TryLock(handle, path) && IsStill(handle, path))
        {
            return new OperationLock(handle);
        }

        handle.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => directory.Dispose();

    private static bool IsStill(SafeFileHandle handle, string path) =>
        Libc.TryStatus(handle, out var held) && Libc.TryStatus(path, out var named) && held.Inode == named.Inode && held.Device == named.Device;
}
