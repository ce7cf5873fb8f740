using System.Runtime.InteropServices;
using Can.Engine.Kernel;

namespace Can.Engine.Storage;

/// <summary>Turns errno of a file operation into the engine's error.</summary>
internal static class StorageError
{
    /// <summary>The error for the errno of the P/Invoke that has just failed.</summary>
    /// <param name="what">What was attempted, as a verb phrase: <c>write</c>, <c>create the directory</c>.</param>
    /// <param name="path">On what.</param>
    public static CanException Last(string what, string path) => From(Marshal.GetLastPInvokeError(), what, path);

    /// <summary>The error for an errno.</summary>
    public static CanException From(int errno, string what, string path)
    {
        var (id, category, remedy) = errno switch
        {
            Errno.ENOSPC or Errno.EDQUOT => ("DiskFull", CanErrorCategory.ResourceUnavailable, "Free some space on its file system and try again."),
            Errno.EACCES or Errno.EPERM => ("AccessDenied", CanErrorCategory.PermissionDenied, "Run as root, and look for an immutable attribute or a security policy."),
            Errno.EROFS => ("ReadOnlyFileSystem", CanErrorCategory.InvalidOperation, $"Remount it writable, or move the store with {CanRoot.Variable}."),
            Errno.ENOENT or Errno.ENOTDIR => ("PathNotFound", CanErrorCategory.ObjectNotFound, "Check the path."),
            Errno.EBUSY or Errno.EXDEV => ("PathIsMountPoint", CanErrorCategory.InvalidOperation, "Something is mounted there; unmount it and try again."),
            _ => ("FileOperationFailed", CanErrorCategory.OperatingSystem, "See the system's log for the cause."),
        };
        return new CanException(id, category, $"Cannot {what} '{path}': {Marshal.GetPInvokeErrorMessage(errno)}. {remedy}", path);
    }
}
