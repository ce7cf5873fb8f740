using System.Runtime.InteropServices;
using Can.Engine.Kernel;

namespace Can.Engine.Storage;

/// <summary>An flock(2) on a file, held until disposed or until the process ends, however it ends.</summary>
internal sealed class StoreLock : IDisposable
{
    private int descriptor;

    private StoreLock(int descriptor) => this.descriptor = descriptor;

    /// <summary>Waits for the lock.</summary>
    /// <param name="path">The lock file; made if need be, never removed by this class.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public static StoreLock Acquire(string path, CancellationToken cancellation)
    {
        // A blocking flock cannot be cancelled; the lock is held for moments, so a short sleep costs next to nothing.
        for (var pause = 1; ; pause = Math.Min(pause * 2, 20))
        {
            if (TryAcquire(path) is { } taken)
            {
                return taken;
            }

            cancellation.WaitHandle.WaitOne(pause);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Takes the lock if nobody has it.</summary>
    public static StoreLock? TryAcquire(string path)
    {
        var descriptor = Libc.open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC, 0x180 /* 0600 */);
        if (descriptor < 0)
        {
            throw StorageError.Last("open the lock", path);
        }

        if (Libc.flock(descriptor, Libc.LOCK_EX | Libc.LOCK_NB) == 0)
        {
            return new StoreLock(descriptor);
        }

        var errno = Marshal.GetLastPInvokeError();
        _ = Libc.close(descriptor);
        return errno is Errno.EAGAIN or Errno.EINTR ? null : throw StorageError.From(errno, "lock", path);
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref descriptor, -1) is >= 0 and var open)
        {
            _ = Libc.close(open);
        }
    }
}
