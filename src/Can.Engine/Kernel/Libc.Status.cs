using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel;

/// <summary>File status through statx(2), whose structure is the same on every architecture.</summary>
internal static unsafe partial class Libc
{
    internal const uint STATX_BASIC_STATS = 0x7FF;

    /// <summary>What identifies a file and its version.</summary>
    internal readonly record struct FileStatus(ulong Device, ulong Inode, long ModifiedNanoseconds, long Size, ushort Mode, (uint Major, uint Minor) DeviceNumber)
    {
        /// <summary>Whether all is the same; what the compiler makes of it looks for a comparer of each type first.</summary>
        public bool Equals(FileStatus other) =>
            Device == other.Device && Inode == other.Inode && ModifiedNanoseconds == other.ModifiedNanoseconds && Size == other.Size && Mode == other.Mode
            && DeviceNumber.Major == other.DeviceNumber.Major && DeviceNumber.Minor == other.DeviceNumber.Minor;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Inode, ModifiedNanoseconds);
    }

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, out statx_t result);

    /// <summary>The same for a name as bytes, ended by a NUL.</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int statx(int directory, byte* path, int flags, uint mask, statx_t* result);

    /// <summary>Status of what the path leads to; false when there is nothing.</summary>
    internal static bool TryStatus(string path, out FileStatus status) => TryStatus(AT_FDCWD, path, 0, out status);

    /// <summary>Status of an open file.</summary>
    internal static bool TryStatus(SafeFileHandle handle, out FileStatus status) =>
        TryStatus((int)handle.DangerousGetHandle(), "", AT_EMPTY_PATH, out status);

    private static bool TryStatus(int directory, string path, int flags, out FileStatus status)
    {
        var found = statx(directory, path, flags, STATX_BASIC_STATS, out var raw) == 0;
        status = found
            ? new(((ulong)raw.dev_major << 32) | raw.dev_minor, raw.ino, (raw.mtime_seconds * 1_000_000_000) + raw.mtime_nanoseconds, (long)raw.size, raw.mode, (raw.rdev_major, raw.rdev_minor))
            : default;
        return found;
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct statx_t
    {
        [FieldOffset(16)]
        internal uint nlink;

        [FieldOffset(20)]
        internal uint uid;

        [FieldOffset(24)]
        internal uint gid;

        [FieldOffset(28)]
        internal ushort mode;

        [FieldOffset(32)]
        internal ulong ino;

        [FieldOffset(40)]
        internal ulong size;

        /// <summary>Of 512 bytes.</summary>
        [FieldOffset(48)]
        internal ulong blocks;

        [FieldOffset(112)]
        internal long mtime_seconds;

        [FieldOffset(120)]
        internal uint mtime_nanoseconds;

        [FieldOffset(128)]
        internal uint rdev_major;

        [FieldOffset(132)]
        internal uint rdev_minor;

        [FieldOffset(136)]
        internal uint dev_major;

        [FieldOffset(140)]
        internal uint dev_minor;
    }
}
