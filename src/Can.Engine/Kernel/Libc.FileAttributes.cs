using System.Runtime.InteropServices;

namespace Can.Engine.Kernel;

/// <summary>libc's calls that make special files and set or read owner, mode, times and extended attributes.</summary>
internal static unsafe partial class Libc
{
    public const uint S_IFMT = 0xF000;
    public const uint S_IFIFO = 0x1000;
    public const uint S_IFCHR = 0x2000;
    public const uint S_IFDIR = 0x4000;
    public const uint S_IFBLK = 0x6000;
    public const uint S_IFREG = 0x8000;
    public const uint S_IFLNK = 0xA000;
    public const uint S_IFSOCK = 0xC000;

    public const uint SYNC_FILE_RANGE_WRITE = 2;

    private static readonly long SYS_mknodat = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 33 : 259;

    /// <summary>struct timespec of the 64-bit architectures.</summary>
    public readonly record struct TimeSpecification(long Seconds, long Nanoseconds);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fchown(int descriptor, uint user, uint group);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fchownat(int directory, byte* path, uint user, uint group, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fchmod(int descriptor, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fchmodat(int directory, byte* path, uint mode, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int futimens(int descriptor, TimeSpecification* accessedAndModified);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int utimensat(int directory, byte* path, TimeSpecification* accessedAndModified, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int ftruncate(int descriptor, long length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int sync_file_range(int descriptor, long offset, long count, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int mkdirat(int directory, byte* path, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int symlinkat(byte* text, int directory, byte* path);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint readlinkat(int directory, byte* path, byte* buffer, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int linkat(int fromDirectory, byte* from, int toDirectory, byte* to, int flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial long syscall_mknodat(long number, int directory, byte* path, uint mode, uint device);

    /// <summary>mknodat(2); glibc before 2.33 has it only as an inline function.</summary>
    public static int mknodat(int directory, byte* path, uint mode, uint major, uint minor) =>
        (int)syscall_mknodat(SYS_mknodat, directory, path, mode, (minor & 0xFF) | (major << 8) | ((minor & ~0xFFu) << 12));

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fsetxattr(int descriptor, byte* name, byte* value, nuint size, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int lsetxattr(byte* path, byte* name, byte* value, nuint size, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint llistxattr(byte* path, byte* list, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint lgetxattr(byte* path, byte* name, byte* value, nuint size);
}
