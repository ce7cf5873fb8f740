using System.Runtime.InteropServices;
using Can.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Locks;

/// <summary>flock(2), for the locks that keep the engine's own processes and threads apart.</summary>
internal static class FileLock
{
    private const int LongestPauseMilliseconds = 32;

    /// <summary>Locks an open file unless somebody else has it. Closing the file, or the process's end, gives it back.</summary>
    /// <param name="file">The file or directory; the caller's own descriptor.</param>
    /// <param name="path">What errors call it.</param>
    internal static bool TryLock(SafeFileHandle file, string path) =>
        Libc.flock(file, Libc.LOCK_EX | Libc.LOCK_NB) == 0
        || (Marshal.GetLastPInvokeError() is var errno && errno is Errno.EAGAIN or Errno.EINTR ? false : throw StorageError.From(errno, "lock", path));

    /// <summary>
    /// Tries until it succeeds. A blocking flock cannot be cancelled, and these locks are held briefly, so that short pauses cost
    /// next to nothing.
    /// </summary>
    /// <param name="attempt">Takes the lock; null while somebody else has it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal static T Wait<T>(Func<T?> attempt, CancellationToken cancellation)
        where T : class
    {
        for (var pause = 1; ; pause = Math.Min(pause * 2, LongestPauseMilliseconds))
        {
            cancellation.ThrowIfCancellationRequested();
            if (attempt() is { } taken)
            {
                return taken;
            }

            cancellation.WaitHandle.WaitOne(pause);
        }
    }
}
