using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Locks;

/// <summary>
/// The lock that means "running": an open-file-description write lock, taken by the engine and inherited by the monitor, so that
/// it is free exactly when no monitor lives. Testing it takes nothing.
/// </summary>
/// <remarks>fcntl(2), "Open file description locks"</remarks>
internal sealed class RunLock : IDisposable
{
    private RunLock(SafeFileHandle handle) => Handle = handle;

    /// <summary>The descriptor that the monitor inherits.</summary>
    internal SafeFileHandle Handle { get; }

    /// <summary>Takes the lock; null when somebody holds it.</summary>
    internal static RunLock? TryTake(string path)
    {
        var handle = Libc.Own(Libc.open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC, 0x180), $"Opening the run lock {path}");
        var request = new Libc.FileLockRequest { l_type = Libc.F_WRLCK };
        if (Libc.fcntl(handle, Libc.F_OFD_SETLK, ref request) == 0)
        {
            return new RunLock(handle);
        }

        var busy = Marshal.GetLastPInvokeError() == Errno.EAGAIN;
        var error = busy ? null : Libc.Error($"Taking the run lock {path}");
        handle.Dispose();
        return error is null ? null : throw error;
    }

    /// <summary>Whether somebody holds the lock.</summary>
    internal static bool IsHeld(string path)
    {
        using var handle = new SafeFileHandle(Libc.open(path, Libc.O_RDWR | Libc.O_CLOEXEC, 0), true);
        if (handle.IsInvalid)
        {
            return false;
        }

        var request = new Libc.FileLockRequest { l_type = Libc.F_WRLCK };
        return Libc.fcntl(handle, Libc.F_OFD_GETLK, ref request) == 0 && request.l_type != Libc.F_UNLCK;
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
