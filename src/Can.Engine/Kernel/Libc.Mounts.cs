using System.Runtime.InteropServices;

namespace Can.Engine.Kernel;

/// <summary>Namespaces and mounts. The numbers of the newer calls are the same on every architecture (asm-generic/unistd.h).</summary>
internal static unsafe partial class Libc
{
    internal const int CLONE_FS = 0x200;
    internal const int CLONE_NEWNS = 0x20000;

    internal const ulong MS_RDONLY = 1;
    internal const ulong MS_NODEV = 4;
    internal const ulong MS_REC = 0x4000;
    internal const ulong MS_PRIVATE = 0x40000;

    internal const uint OPEN_TREE_CLONE = 1;
    internal const uint AT_RECURSIVE = 0x8000;
    internal const uint MOVE_MOUNT_F_EMPTY_PATH = 0x04;
    internal const uint MOVE_MOUNT_T_EMPTY_PATH = 0x40;

    internal const ulong MOUNT_ATTR_RDONLY = 0x01;
    internal const ulong MOUNT_ATTR_NODEV = 0x04;
    internal const ulong MOUNT_ATTR_NOATIME = 0x10;
    internal const ulong MOUNT_ATTR__ATIME = 0x70;

    internal const long SYS_open_tree = 428;
    private const long SYS_move_mount = 429;
    private const long SYS_mount_setattr = 442;

    internal static readonly long SYS_openat = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 56 : 257;
    internal static readonly long SYS_unshare = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 97 : 272;
    internal static readonly long SYS_setns = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 268 : 308;

    internal static readonly long SYS_statx = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 291 : 332;

    /// <summary>struct mount_attr of mount_setattr(2).</summary>
    internal struct MountAttributes
    {
        internal ulong Set;
        internal ulong Clear;
        internal ulong Propagation;
        internal ulong UserNamespace;
    }

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int unshare(int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setns(int descriptor, int type);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int mount(byte* source, byte* target, byte* type, ulong flags, byte* data);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    private static partial long syscall_mounts(long number, int directory, byte* path, long third, long fourth, long fifth);

    /// <summary>open_tree(2), close-on-exec.</summary>
    internal static int open_tree(int directory, byte* path, uint flags) =>
        (int)syscall_mounts(SYS_open_tree, directory, path, flags | (uint)O_CLOEXEC, 0, 0);

    /// <summary>move_mount(2) of the mount behind one descriptor onto what is behind another.</summary>
    internal static int move_mount(int from, int onto)
    {
        fixed (byte* empty = "\0"u8)
        {
            return (int)syscall_mounts(SYS_move_mount, from, empty, onto, (nint)empty, MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
        }
    }

    /// <summary>mount_setattr(2) on the mount behind a descriptor.</summary>
    internal static int mount_setattr(int descriptor, uint flags, in MountAttributes attributes)
    {
        fixed (byte* empty = "\0"u8)
        fixed (MountAttributes* value = &attributes)
        {
            return (int)syscall_mounts(SYS_mount_setattr, descriptor, empty, flags | AT_EMPTY_PATH, (nint)value, sizeof(MountAttributes));
        }
    }
}
