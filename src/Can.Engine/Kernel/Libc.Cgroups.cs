using System.Runtime.InteropServices;

namespace Can.Engine.Kernel;

/// <summary>What the cgroup code uses of libc beyond files.</summary>
internal static unsafe partial class Libc
{
    public const int SIGKILL = 9;

    // The same on every architecture (asm-generic/unistd.h).
    private const long SYS_pidfd_send_signal = 424;
    private const long SYS_pidfd_open = 434;

    [LibraryImport(Library, SetLastError = true)]
    private static partial long syscall(long number, long first, long second, long third, long fourth);

    /// <summary>pidfd_open(2); the descriptor is close-on-exec by itself.</summary>
    public static int pidfd_open(int process) => (int)syscall(SYS_pidfd_open, process, 0, 0, 0);

    /// <summary>pidfd_send_signal(2)</summary>
    public static int pidfd_send_signal(int descriptor, int signal) => (int)syscall(SYS_pidfd_send_signal, descriptor, signal, 0, 0);

    /// <summary>Major and minor number of a block device; null when the path leads to anything else, or to nothing.</summary>
    public static (uint Major, uint Minor)? BlockDevice(string path) =>
        TryStatus(path, out var status) && (status.Mode & S_IFMT) == S_IFBLK ? status.DeviceNumber : null;
}
