using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Archives;
using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Containers.Files;

/// <summary>Paths in a container's root, resolved by the kernel as the container's processes would, and never out of it.</summary>
internal static unsafe class RootPaths
{
    private const ulong Resolve = Libc.RESOLVE_IN_ROOT | Libc.RESOLVE_NO_MAGICLINKS;

    /// <summary>Opens what a path leads to.</summary>
    /// <returns>The descriptor, or -1 with errno set.</returns>
    public static int TryOpen(int root, ReadOnlySpan<byte> path, int flags)
    {
        fixed (byte* bytes = path.IsEmpty ? "/\0"u8 : (byte[])[.. path, 0])
        {
            int descriptor;
            do
            {
                descriptor = Libc.openat2(root, bytes, flags | Libc.O_CLOEXEC, 0, Resolve);
            }
            while (descriptor < 0 && Marshal.GetLastPInvokeError() is Errno.EAGAIN or Errno.EINTR); // EAGAIN: a rename came in between
            return descriptor;
        }
    }

    /// <summary>
    /// Where a path leads to, as bytes without slashes at the ends, links resolved; what is not there (yet) is taken as it is written.
    /// </summary>
    public static byte[] Locate(int root, string path)
    {
        var missing = "";
        for (var rest = path.Trim('/'); ; rest = rest[..Math.Max(rest.LastIndexOf('/'), 0)])
        {
            var descriptor = TryOpen(root, Encoding.UTF8.GetBytes(rest), Libc.O_PATH);
            if (descriptor >= 0)
            {
                try
                {
                    return [.. Join(PathBelow(root, descriptor), Encoding.UTF8.GetBytes(missing))];
                }
                finally
                {
                    _ = Libc.close(descriptor);
                }
            }

            if (rest.Length == 0)
            {
                throw StorageError.Last("open", "/");
            }

            missing = rest[(rest.LastIndexOf('/') + 1)..] + (missing.Length > 0 ? "/" + missing : "");
        }
    }

    private static byte[] Join(byte[] directory, byte[] name) =>
        directory.Length == 0 ? name : name.Length == 0 ? directory : [.. directory, (byte)'/', .. name];

    /// <summary>Path of what is behind a descriptor below the root, as bytes without slashes at the ends.</summary>
    public static byte[] PathBelow(int root, int descriptor)
    {
        var (top, path) = (PathOf(root), PathOf(descriptor));
        return path.AsSpan(Math.Min(top.AsSpan().TrimEnd((byte)'/').Length, path.Length)).Trim((byte)'/').ToArray();
    }

    private static byte[] PathOf(int descriptor) =>
        FileReading.TryReadLink(Libc.AT_FDCWD, Encoding.ASCII.GetBytes($"/proc/self/fd/{descriptor}")) ?? throw StorageError.Last("look at", $"descriptor {descriptor}");
}
