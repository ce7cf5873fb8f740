using System.Runtime.InteropServices;

namespace Can.Engine.Kernel;

/// <summary>libzstd's streaming decompression under its own names (zstd.h); loaded when the first zstd archive is read.</summary>
internal static unsafe partial class Zstd
{
    private const string Library = "libzstd.so.1";

    public struct InBuffer
    {
        public byte* Source;
        public nuint Size;
        public nuint Position;
    }

    public struct OutBuffer
    {
        public byte* Destination;
        public nuint Size;
        public nuint Position;
    }

    [LibraryImport(Library)]
    public static partial nint ZSTD_createDStream();

    [LibraryImport(Library)]
    public static partial nuint ZSTD_freeDStream(nint stream);

    [LibraryImport(Library)]
    public static partial nuint ZSTD_decompressStream(nint stream, OutBuffer* output, InBuffer* input);

    [LibraryImport(Library)]
    public static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    private static partial byte* ZSTD_getErrorName(nuint code);

    /// <summary>What an error code means.</summary>
    public static string ErrorName(nuint code) => Marshal.PtrToStringUTF8((nint)ZSTD_getErrorName(code)) ?? "unknown error";
}
