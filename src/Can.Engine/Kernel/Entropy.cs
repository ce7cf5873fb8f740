using System.Runtime.InteropServices;

namespace Can.Engine.Kernel;

/// <summary>Random numbers of the kernel's. The framework's come from OpenSSL, which a short-lived process had to load for them.</summary>
/// <remarks>getrandom(2)</remarks>
internal static partial class Entropy
{
    /// <summary>Random bytes as hexadecimal digits.</summary>
    /// <param name="bytes">How many bytes, two digits each.</param>
    public static string Hex(int bytes)
    {
        Span<byte> buffer = stackalloc byte[bytes];
        Fill(buffer);
        return Convert.ToHexStringLower(buffer);
    }

    /// <summary>A number from 0 up to, and without, <paramref name="limit"/>.</summary>
    public static int Below(int limit)
    {
        Span<byte> buffer = stackalloc byte[sizeof(ulong)];
        Fill(buffer);

        // Of 64 bits the remainder favours nobody noticeably.
        return (int)(MemoryMarshal.Read<ulong>(buffer) % (ulong)limit);
    }

    private static unsafe void Fill(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            // Up to 256 bytes come whole, and no signal interrupts them.
            if (getrandom(start, (nuint)buffer.Length, 0) != buffer.Length)
            {
                throw Libc.Error("Asking the kernel for random numbers");
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint getrandom(byte* buffer, nuint length, uint flags);
}
