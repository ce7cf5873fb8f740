using System.Runtime.InteropServices;

namespace Can.Engine.Tests.Images;

/// <summary>Compresses by the same libzstd that the engine decompresses with, so that tests need no zstd program.</summary>
internal static unsafe partial class ZstdFrame
{
    public static byte[] Compress(byte[] data)
    {
        var frame = new byte[ZSTD_compressBound((nuint)data.Length)];
        fixed (byte* from = data, to = frame)
        {
            return frame[..(int)ZSTD_compress(to, (nuint)frame.Length, from, (nuint)data.Length, 3)];
        }
    }

    [LibraryImport("libzstd.so.1")]
    private static partial nuint ZSTD_compressBound(nuint size);

    [LibraryImport("libzstd.so.1")]
    private static partial nuint ZSTD_compress(byte* to, nuint capacity, byte* from, nuint size, int level);
}
