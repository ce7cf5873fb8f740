using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel;

/// <summary>Watching directories.</summary>
internal static partial class Libc
{
    internal const uint IN_MODIFY = 0x2;
    internal const uint IN_MOVED_TO = 0x80;
    internal const uint IN_CREATE = 0x100;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int inotify_init1(int flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int inotify_add_watch(SafeFileHandle watch, string path, uint mask);
}
