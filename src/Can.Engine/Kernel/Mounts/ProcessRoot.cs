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
    /// Not /proc/PID/root, which is where the process has gone with chroot(2) if it has. Only where the engine itself runs in a
    /// changed root is the namespace's root not the container's but the engine's: pivot_root(2) has put the container's in the place
    /// of the engine's then, which is below it.
    /// </remarks>
    private static SafeFileHandle? TryEnter(PidFd process, bool clone)
    {
        var system = NativeLibrary.GetExport(NativeLibrary.Load("libc", typeof(Libc).Assembly, null), "syscall");
        using var own = Libc.Own(Libc.open("/proc/self/ns/mnt", Libc.O_RDONLY | Libc.O_CLOEXEC, 0), "Opening the engine's mount namespace");
        using var root = new SafeFileHandle(Libc.open($"/proc/{process.ProcessId}/root", Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0), true);
        if (process.HasEnded)
        {
            return null;
        }

        var (from, to, there) = ((int)own.DangerousGetHandle(), (int)process.Handle.DangerousGetHandle(), (int)root.DangerousGetHandle());
        var (descriptor, errno) = NamespaceThread.Run(() => Enter(system, from, to, there, clone));
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        return process.HasEnded
            ? null
            : throw new CanException(
                "SystemCallFailed", CanErrorCategory.OperatingSystem,
                $"Entering the mount namespace of process {process.ProcessId}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}).", process.ProcessId);
    }

    /// <remarks>
    /// In the process's namespace "/lib" is the container's: nothing may be loaded by the thread while it is there. So it goes through
    /// one address found before, and by numbers, and comes back with a number. The engine's own namespace comes first, so that all
    /// that is needed is in place by then.
    /// </remarks>
    private static (int Descriptor, int Errno) Enter(nint system, int own, int process, int processRoot, bool clone)
    {
        var call = (delegate* unmanaged<long, long, long, long, long, long, long>)system;
        Libc.statx_t before, after;
        fixed (byte* slash = "/\0"u8, dot = ".\0"u8)
        {
            // setns(2) into another mount namespace wants a thread that shares its directory with nobody.
            if (call(Libc.SYS_unshare, Libc.CLONE_FS, 0, 0, 0, 0) < 0
                || call(Libc.SYS_setns, own, Libc.CLONE_NEWNS, 0, 0, 0) < 0
                || call(Libc.SYS_statx, Libc.AT_FDCWD, (nint)slash, 0, Libc.STATX_BASIC_STATS, (nint)(&before)) < 0
                || call(Libc.SYS_setns, process, Libc.CLONE_NEWNS, 0, 0, 0) < 0
                || call(Libc.SYS_statx, Libc.AT_FDCWD, (nint)slash, 0, Libc.STATX_BASIC_STATS, (nint)(&after)) < 0)
            {
                return (-1, Marshal.GetLastSystemError());
            }

            var same = before.ino == after.ino && before.dev_major == after.dev_major && before.dev_minor == after.dev_minor;
            var path = same ? (nint)dot : (nint)slash;
            var descriptor = clone
                ? call(Libc.SYS_open_tree, processRoot, path, Libc.OPEN_TREE_CLONE | (uint)Libc.O_CLOEXEC, 0, 0)
                : call(Libc.SYS_openat, processRoot, path, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0, 0);
            return ((int)descriptor, Marshal.GetLastSystemError());
        }
    }
}
