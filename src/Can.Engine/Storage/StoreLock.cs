using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Storage;

/// <summary>A lock on a file that stays, held until disposed or until the process ends, however it ends.</summary>
internal sealed class StoreLock : IDisposable
{
    private readonly SafeFileHandle file;

    private StoreLock(SafeFileHandle file) => this.file = file;

    /// <summary>Waits for the lock.</summary>
    /// <param name="path">The lock file; made if need be, never removed by this class.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public static StoreLock Acquire(string path, CancellationToken cancellation) => FileLock.Wait(() => TryAcquire(path), cancellation);

    /// <summary>Takes the lock if nobody has it.</summary>
    public static StoreLock? TryAcquire(string path)
    {
        var file = new SafeFileHandle(Libc.open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC, Directories.PrivateFile), true);
        try
        {
            if (file.IsInvalid)
            {
                throw StorageError.Last("open the lock", path);
            }

            if (FileLock.TryLock(file, path))
            {
                return new StoreLock(file);
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        return null;
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => file.Dispose();
}
