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
    /// <param name="target">Path of an existing file as the process sees it.</param>
    /// <returns>False when the process has ended.</returns>
    /// <remarks>As in <see cref="ProcessRoot"/> nothing may be loaded by the thread while it is in the namespace.</remarks>
    internal static bool Bind(PidFd process, string source, string target)
    {
        var system = NativeLibrary.GetExport(NativeLibrary.Load("libc", typeof(Libc).Assembly, null), "syscall");
        var onto = Encoding.UTF8.GetBytes(target + '\0');
        var pidfd = (int)process.Handle.DangerousGetHandle();
        using var tree = Clone(source);
        var mount = (int)tree.DangerousGetHandle();
        var errno = NamespaceThread.Run(() =>
        {
            fixed (byte* place = onto)
            {
                // Once in vain, so that all it needs is in place.
                _ = Move(system, -1, mount, place);
                return Move(system, pidfd, mount, place);
            }
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

    private static int Move(nint system, int process, int tree, byte* target)
    {
        var call = (delegate* unmanaged<long, long, long, long, long, long, long>)system;
        fixed (byte* empty = "\0"u8)
        {
            var result = call(Libc.SYS_unshare, Libc.CLONE_FS, 0, 0, 0, 0) < 0 || call(Libc.SYS_setns, process, Libc.CLONE_NEWNS, 0, 0, 0) < 0
                ? -1
                : call(SYS_move_mount, tree, (nint)empty, Libc.AT_FDCWD, (nint)target, Libc.MOVE_MOUNT_F_EMPTY_PATH);
            return result < 0 ? Marshal.GetLastSystemError() : 0;
        }
    }
}
