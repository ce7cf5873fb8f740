using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Kernel.Processes;
using Can.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Mounts;

/// <summary>Mounts a file of the host's in the mount namespace of a running process.</summary>
internal static unsafe class ProcessMount
{
    private const long SYS_move_mount = 429;

    /// <summary>Binds a file on another, over what is mounted there.</summary>
    /// <param name="process">The process.</param>
    /// <param name="source">The host's file.</param>
    /// <param name="target">Path of an existing file as the process sees it; no link leads out of its root.</param>
    /// <returns>False when the process has ended.</returns>
    /// <remarks>As in <see cref="ProcessRoot"/> nothing may be loaded by the thread while it is in the namespace.</remarks>
    internal static bool Bind(PidFd process, string source, string target)
    {
        using var root = ProcessRoot.TryOpen(process);
        if (root is null)
        {
            return false;
        }

        var system = NativeLibrary.GetExport(NativeLibrary.Load("libc", typeof(Libc).Assembly, null), "syscall");
        using var tree = Clone(source);
        using var place = Open(root, target);
        var (pidfd, from, onto) = ((int)process.Handle.DangerousGetHandle(), (int)tree.DangerousGetHandle(), (int)place.DangerousGetHandle());
        var errno = NamespaceThread.Run(() =>
        {
            // Once in vain, so that all it needs is in place.
            _ = Move(system, -1, from, onto);
            return Move(system, pidfd, from, onto);
        });
        GC.KeepAlive(process);
        return errno switch
        {
            0 => true,
            _ when process.HasEnded => false,
            _ => throw StorageError.From(errno, "mount the names of the network on", target),
        };
    }

    private static SafeFileHandle Clone(string path)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            var tree = Libc.open_tree(Libc.AT_FDCWD, bytes, Libc.OPEN_TREE_CLONE);
            return tree >= 0 ? new(tree, true) : throw StorageError.Last("open", path);
        }
    }

    private static SafeFileHandle Open(SafeFileHandle root, string path)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            var file = Libc.openat2((int)root.DangerousGetHandle(), bytes, Libc.O_PATH | Libc.O_CLOEXEC, 0, Libc.RESOLVE_IN_ROOT);
            return file >= 0 ? new(file, true) : throw StorageError.Last("mount the names of the network on", path);
        }
    }

    private static int Move(nint system, int process, int tree, int target)
    {
        var call = (delegate* unmanaged<long, long, long, long, long, long, long>)system;
        fixed (byte* empty = "\0"u8)
        {
            var result = call(Libc.SYS_unshare, Libc.CLONE_FS, 0, 0, 0, 0) < 0 || call(Libc.SYS_setns, process, Libc.CLONE_NEWNS, 0, 0, 0) < 0
                ? -1
                : call(SYS_move_mount, tree, (nint)empty, target, (nint)empty, Libc.MOVE_MOUNT_F_EMPTY_PATH | Libc.MOVE_MOUNT_T_EMPTY_PATH);
            return result < 0 ? Marshal.GetLastSystemError() : 0;
        }
    }
}
