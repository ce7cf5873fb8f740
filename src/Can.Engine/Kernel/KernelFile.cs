using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Can.Engine.Kernel;

/// <summary>
/// Small files of /proc, /sys and cgroup file systems. They have no length, are read and written whole, and a missing one is an
/// ordinary answer, so that nothing here throws for it.
/// </summary>
internal static unsafe class KernelFile
{
    /// <summary>The whole text; null when it cannot be read (missing, gone in between, not allowed).</summary>
    public static string? TryRead(string path)
    {
        var descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0u);
        if (descriptor < 0)
        {
            return null;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            return ReadToEnd(descriptor, ref buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _ = Libc.close(descriptor);
        }
    }

    /// <summary>Writes text in one write(2), as files of cgroups want it.</summary>
    /// <returns>0, or errno of the failure.</returns>
    public static int TryWrite(string path, string data)
    {
        var descriptor = Libc.open(path, Libc.O_WRONLY | Libc.O_CLOEXEC, 0u);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        try
        {
            fixed (byte* bytes = Encoding.UTF8.GetBytes(data))
            {
                while (Libc.write(descriptor, bytes, (nuint)Encoding.UTF8.GetByteCount(data)) < 0)
                {
                    if (Marshal.GetLastPInvokeError() is var errno && errno != Errno.EINTR)
                    {
                        return errno;
                    }
                }
            }

            return 0;
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }

    /// <summary>The lines of a text; none of a missing one.</summary>
    /// <remarks>Not <c>EnumerateLines</c>: what that searches with is compiled at run time, which a shell's first container would wait for.</remarks>
    public static string[] Lines(string? text) => text is null ? [] : text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The number after <paramref name="key"/> in a file of <c>key value</c> lines; null when there is none.</summary>
    public static long? Value(string? text, string key)
    {
        foreach (var line in Lines(text))
        {
            if (line.Length > key.Length && line[key.Length] == ' ' && line.StartsWith(key, StringComparison.Ordinal))
            {
                return Number(line.AsSpan(key.Length + 1));
            }
        }

        return null;
    }

    /// <summary>A file's number; null when it is missing or holds something else, such as <c>max</c>.</summary>
    public static long? Number(string path) => TryRead(path) is { } text ? Number(text.AsSpan()) : null;

    private static long? Number(ReadOnlySpan<char> text) => long.TryParse(text.Trim(), out var value) ? value : null;

    private static string? ReadToEnd(int descriptor, ref byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                Grow(ref buffer);
            }

            nint count;
            fixed (byte* start = buffer)
            {
                count = Libc.read(descriptor, start + length, (nuint)(buffer.Length - length));
            }

            if (count == 0)
            {
                return Encoding.UTF8.GetString(buffer, 0, length);
            }

            if (count < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                return null;
            }

            length += Math.Max((int)count, 0);
        }
    }

    private static void Grow(ref byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 4);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
