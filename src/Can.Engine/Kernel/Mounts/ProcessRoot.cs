using System.Runtime.InteropServices;
using Can.Engine.Kernel.Processes;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Mounts;

/// <summary>The root of the mount namespace of a process, as a descriptor that the host can use.</summary>
internal static unsafe class ProcessRoot
{
    /// <summary>The namespace's root with everything that is mounted in it, now and later; paths below it are the process's own.</summary>
    /// <returns>A descriptor with O_PATH; null when the process has ended.</returns>
    internal static SafeFileHandle? TryOpen(PidFd process) => TryEnter(process, clone: false);

    /// <summary>
    /// The file system at the namespace's root alone, with what its mounts hide; it is a mount of its own that nobody else sees, read
    /// only, and reading it leaves no access times.
    /// </summary>
    /// <returns>A descriptor with O_PATH; null when the process has ended.</returns>
    internal static SafeFileHandle? TryClone(PidFd process)
    {
        var root = TryEnter(process, clone: true);
        if (root is not null)
        {
            DetachedTree.Protect(root, Libc.MOUNT_ATTR_RDONLY | Libc.MOUNT_ATTR_NODEV | Libc.MOUNT_ATTR_NOATIME, Libc.MOUNT_ATTR__ATIME);
        }

        return root;
    }

    /// <remarks>
    /// In the process's namespace "/lib" is the container's: nothing may be loaded by the thread while it is there. So it goes through
    /// one address found before, and by numbers, and comes back with a number; what .NET would look up at a first call is not called.
    /// </remarks>
    private static SafeFileHandle? TryEnter(PidFd process, bool clone)
    {
        var system = NativeLibrary.GetExport(NativeLibrary.Load("libc", typeof(Libc).Assembly, null), "syscall");
        var target = (int)process.Handle.DangerousGetHandle();
        var (descriptor, errno) = NamespaceThread.Run(() =>
        {
            // Once in vain, so that all it needs is in place.
            _ = Enter(system, -1, clone);
            return Enter(system, target, clone);
        });
        GC.KeepAlive(process);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        return errno is Errno.ESRCH or Errno.EINVAL && process.HasEnded
            ? null
            : throw new CanException(
                "SystemCallFailed", CanErrorCategory.OperatingSystem,
                $"Entering the mount namespace of process {process.ProcessId}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}).", process.ProcessId);
    }

    private static (int Descriptor, int Errno) Enter(nint system, int process, bool clone)
    {
        var call = (delegate* unmanaged<long, long, long, long, long, long>)system;
        fixed (byte* root = "/\0"u8)
        {
            // setns(2) into another mount namespace wants a thread that shares its directory with nobody.
            var descriptor = call(Libc.SYS_unshare, Libc.CLONE_FS, 0, 0, 0) < 0 || call(Libc.SYS_setns, process, Libc.CLONE_NEWNS, 0, 0) < 0
                ? -1
                : clone
                    ? call(Libc.SYS_open_tree, Libc.AT_FDCWD, (nint)root, Libc.OPEN_TREE_CLONE | (uint)Libc.O_CLOEXEC, 0)
                    : call(Libc.SYS_openat, Libc.AT_FDCWD, (nint)root, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
            return ((int)descriptor, Marshal.GetLastSystemError());
        }
    }
}
