using System.Runtime.InteropServices;

namespace Can.Engine.Kernel;

/// <summary>liblzma's streaming decompression under its own names (lzma/base.h, lzma/container.h); loaded when the first xz archive is read.</summary>
internal static unsafe partial class Lzma
{
    public const int LZMA_OK = 0;
    public const int LZMA_STREAM_END = 1;
    public const int LZMA_MEM_ERROR = 5;
    public const int LZMA_MEMLIMIT_ERROR = 6;
    public const int LZMA_FORMAT_ERROR = 7;
    public const int LZMA_OPTIONS_ERROR = 8;
    public const int LZMA_DATA_ERROR = 9;
    public const int LZMA_BUF_ERROR = 10;

    public const int LZMA_RUN = 0;
    public const int LZMA_FINISH = 3;

    /// <summary>Decode all streams of a file that is several put together.</summary>
    public const uint LZMA_CONCATENATED = 0x08;

    private const string Library = "liblzma.so.5";

    /// <summary>lzma_stream.</summary>
    public struct LzmaStream
    {
        public byte* NextIn;
        public nuint AvailableIn;
        public ulong TotalIn;
        public byte* NextOut;
        public nuint AvailableOut;
        public ulong TotalOut;
        public nint Allocator;
        public nint Internal;
        public nint Reserved1, Reserved2, Reserved3, Reserved4;
        public ulong SeekPosition;
        public ulong Reserved5;
        public nuint Reserved6, Reserved7;
        public int Reserved8, Reserved9;
    }

    [LibraryImport(Library)]
    public static partial int lzma_stream_decoder(LzmaStream* stream, ulong memoryLimit, uint flags);

    [LibraryImport(Library)]
    public static partial int lzma_code(LzmaStream* stream, int action);

    [LibraryImport(Library)]
    public static partial void lzma_end(LzmaStream* stream);

    /// <summary>What an error code means; the library has no texts of its own.</summary>
    public static string ErrorText(int code) => code switch
    {
        LZMA_BUF_ERROR => "the compressed data ends too early",
        LZMA_DATA_ERROR => "the compressed data is damaged",
        LZMA_FORMAT_ERROR => "it is no xz data",
        LZMA_MEMLIMIT_ERROR => "it asks for more memory than xz -9 needs",
        LZMA_MEM_ERROR => "there is not enough memory",
        LZMA_OPTIONS_ERROR => "it uses options that the system's liblzma does not know",
        _ => $"liblzma says {code}",
    };
}
